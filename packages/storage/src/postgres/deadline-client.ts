import { Client, type QueryResult } from 'pg';
import { codeOf } from '../database/error-code.ts';

/**
 * SQLSTATEs with which a server ends the connection, not the statement alone (PostgreSQL manual, appendix A): lost,
 * shut down, crashed, or idle in a transaction for too long.
 */
const CONNECTION_ENDED = /^(?:08...|57P0[1-5]|25P0[34])$/;

/**
 * A connection that is given up together with the query that lost it.
 *
 * `pg` rejects a query after `query_timeout` but keeps the connection, on which the next query then waits behind the
 * lost one; and a connection that the server is ending goes back to the pool until its socket closes. Ending it at
 * once makes the pool replace it.
 */
export class DeadlineClient extends Client {
  override async query<Row>(text: string, values: readonly unknown[]): Promise<QueryResult<Row>> {
    try {
      return await super.query<Row>(text, values);
    } catch (error) {
      // Not awaited: a silent server never confirms it.
      if (isConnectionLost(error)) void this.end();
      throw error;
    }
  }
}

function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.message === 'Query read timeout' || CONNECTION_ENDED.test(codeOf(error) ?? '');
}
