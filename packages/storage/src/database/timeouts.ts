/** Longest run of one statement: milliseconds (SR-39). Half of the handler's 10 s, so that a handler can still answer. */
export const STATEMENT_TIMEOUT_MS = 5_000;

/** Longest wait for a lock: milliseconds (SR-39). Who waits longer holds a connection that others need. */
export const LOCK_TIMEOUT_MS = 2_000;

/**
 * Longest wait for a connection, from the pool or to the server: milliseconds (SR-39). A pool that is empty for this
 * long is overloaded: a quick 503 lets it recover.
 */
export const ACQUIRE_TIMEOUT_MS = 2_000;

/**
 * Longest pause inside an open transaction: milliseconds. It bounds how long a handler that hangs can hold locks;
 * longer than a statement may take, for a transaction that works between its statements.
 */
export const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;

/**
 * Time beyond the statement timeout after which the client itself gives up: milliseconds. It only ends when the server,
 * or the way to it, is gone without a word: a live server cancels the statement first.
 */
export const SILENT_SERVER_GRACE_MS = 1_000;

/**
 * Longest life of a connection: seconds, 30 minutes. Within it, connections spread over new replicas of the server and
 * are made with changed TLS material. A changed password does not wait for it.
 */
export const MAX_CONNECTION_LIFETIME_SECONDS = 1_800;

/** Idle time after which a connection is given back: milliseconds. The server has other services to serve. */
export const IDLE_CONNECTION_TIMEOUT_MS = 30_000;

/** Longest wait of a readiness check for the database: milliseconds, acquiring a connection included. */
export const PING_DEADLINE_MS = 2_500;
