import { Client, type QueryResult } from 'pg';

/**
 * A connection that is given up when the server is silent.
 *
 * `pg` rejects the query after `query_timeout` but keeps the connection, on which the next query then waits behind the
 * lost one. Ending it makes the pool replace it.
 */
export class DeadlineClient extends Client {
  override async query<Row>(text: string, values: readonly unknown[]): Promise<QueryResult<Row>> {
    try {
      return await super.query<Row>(text, values);
    } catch (error) {
      if (error instanceof Error && error.message === 'Query read timeout') void this.end();
      throw error;
    }
  }
}
