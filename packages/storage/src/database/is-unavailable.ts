import { DATABASE_UNAVAILABLE } from './database-unavailable-error.ts';
import { causesOf, codeOf } from './error-code.ts';

/**
 * SQLSTATEs, and classes of them, that say "not now" (PostgreSQL manual, appendix A). Deadlocks and serialisation
 * failures are not among them: those are answered by running the transaction again.
 */
const SQLSTATE = new RegExp(
  '^(?:' +
    [
      '08...', // connection exceptions
      '53...', // insufficient resources: memory, disk, connections
      '57P0[1-5]', // shut down, crashed, starting up, database dropped, idle session ended
      '57014', // statement timeout
      '55P03', // lock timeout
      '25P0[34]', // idle-in-transaction and transaction timeouts
    ].join('|') +
    ')$',
);

/** What the operating system says of a peer that cannot be reached. */
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
]);

/** Errors that the drivers give no code. */
const MESSAGES = new Set([
  'Query read timeout',
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Postgres connection has been discarded',
  'driver has already been destroyed',
  'PGlite is closed',
]);

/**
 * Answers whether the database could not serve a query now, though the query may be right: unreachable, overloaded,
 * too slow, or shutting down. The answer to a client is 503, never 500 (SR-30).
 *
 * A write that failed so may have been carried out.
 */
export function isUnavailable(error: unknown): boolean {
  for (const cause of causesOf(error)) {
    const code = codeOf(cause);
    if (code === undefined ? MESSAGES.has(cause.message) : isUnavailableCode(code)) return true;
  }
  return false;
}

function isUnavailableCode(code: string): boolean {
  return code === DATABASE_UNAVAILABLE || SYSTEM_CODES.has(code) || SQLSTATE.test(code);
}
