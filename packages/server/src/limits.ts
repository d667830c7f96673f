/**
 * The numbers that the server enforces, each with its unit and its reason.
 * Source: the project's security requirements (SR-18, SR-21, SR-22, SR-39, SR-40).
 */

/** Largest request body that a route takes unless it says less: 100 KiB (SR-21). */
export const MAX_BODY_BYTES = 100 * 1024;

/** Longest request target, query included: 8 KiB (SR-21); beyond it 414. */
export const MAX_URL_BYTES = 8 * 1024;

/** All headers of a request together: 16 KiB, Node's own default made explicit (SR-21); beyond it 431. */
export const MAX_HEADER_BYTES = 16 * 1024;

/** More header fields than any client of a JSON API sends; nginx allows 64. */
export const MAX_HEADER_COUNT = 64;

/** Deepest nesting of a JSON body (SR-18): a person's data is rarely deeper than 6. */
export const MAX_JSON_DEPTH = 20;

/** Object keys in a JSON body, all levels together (SR-18). */
export const MAX_JSON_KEYS = 1000;

/** A client has 10 s to send its headers (SR-39). */
export const HEADERS_TIMEOUT_MS = 10_000;

/** A client has 15 s to send the whole request (SR-39). */
export const REQUEST_TIMEOUT_MS = 15_000;

/** A peer has 10 s for a TLS handshake, as for its headers (SR-39); Node's default is two minutes. */
export const TLS_HANDSHAKE_TIMEOUT_MS = 10_000;

/** Longer than the proxy's 60 s, so that the proxy closes an idle connection first and never meets a closed one (SR-39). */
export const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** How often the two limits above are checked: Node's own 30 s would let a slow client have 40 s. */
export const TIMEOUT_CHECK_INTERVAL_MS = 1000;

/**
 * A connection on which nothing moves for 20 s is cut: who takes no byte of an answer holds it no longer. Longer than a
 * request may take to be answered, for then nothing moves, either (SR-39).
 */
export const SOCKET_TIMEOUT_MS = 20_000;

/**
 * Connections at once, as many as one worker of the edge has. Each may send its body slowly for as long as a request may
 * take; what comes on top of them is closed before it costs a byte (SR-39).
 */
export const MAX_CONNECTIONS = 4096;

/**
 * Requests on one connection, as many as the edge sends on one. Then it ends: a new replica gets its share, and a peer's
 * certificate is proven again (SR-28).
 */
export const MAX_REQUESTS_PER_CONNECTION = 1000;

/** From the last byte of a request to its answer: 10 s, then 503 (SR-39). Below it lie the waits for the database. */
export const HANDLER_TIMEOUT_MS = 10_000;

/** How often requests that take too long are looked for: it is how much later than {@link HANDLER_TIMEOUT_MS} they end. */
export const HANDLER_SWEEP_INTERVAL_MS = 250;

/**
 * Requests in work at once (SR-40). A process that serves as few as 400 in a second answers the last of so many within
 * half of one; more in work would serve none the sooner (docs/reliability.md has the measurement). The 100 passwords that
 * may wait to be hashed leave room for as many others.
 */
export const MAX_REQUESTS_IN_FLIGHT = 200;

/** A loop that lags this much is too busy to promise anything (SR-40). */
export const MAX_EVENT_LOOP_DELAY_MS = 500;

/**
 * How often the lag is looked at: the service is back to normal this much after the loop is (SR-40: within 5 s). Not
 * more often: a sample without a single turn of the loop counts as an endless lag, and a shorter one would take a pause of
 * a quarter of a second for it.
 */
export const EVENT_LOOP_SAMPLE_INTERVAL_MS = 1000;

/** Requests of an address (IPv6: of a /64) without a proven caller: 100 in 15 minutes (SR-22). */
export const ANONYMOUS_MAX = 100;
export const ANONYMOUS_WINDOW_SECONDS = 15 * 60;

/** Requests of a signed-in user: 600 in a minute (SR-22). */
export const SIGNED_IN_MAX = 600;
export const SIGNED_IN_WINDOW_SECONDS = 60;

/** Requests of another service, which speaks for many users: ten times a user's. A loop gone wild is stopped by it. */
export const SERVICE_MAX = 6000;

/** What a shared store that hangs may cost a request, once (SR-22): it answers within a few milliseconds, or not at all. */
export const RATE_LIMIT_STORE_DEADLINE_MS = 50;

/** How often a store that was away is asked again: within it, sign-in is back. Less than the second that clients wait. */
export const RATE_LIMIT_PROBE_INTERVAL_MS = 500;

/** Callers over their limit that are refused without asking the store again: about 10 MB. One more costs a round trip. */
export const MAX_EXCEEDED_CALLERS = 50_000;

/** Callers that are counted in this process while the store is away: about 10 MB. */
export const MAX_LOCALLY_COUNTED_CALLERS = 50_000;

/** A preflight answer may be reused for 10 minutes (SR-24). */
export const CORS_MAX_AGE_SECONDS = 600;

/**
 * From the last accepted connection to the first that is cut for being idle: a TLS handshake and a request, on a busy
 * processor.
 */
export const LISTENER_SETTLE_MS = 1000;

/**
 * What is in flight at the end has this long to finish, from the moment at which nobody can connect any more; then its
 * connection is cut (SR-38). As long as a handler may take: one that hangs has answered 503 by then, but for one that
 * began in the very last moment.
 */
export const LISTENER_CLOSE_TIMEOUT_MS = 10_000;

/** The same for the management listener: probes and metrics are answered at once, and only an idle scraper stays. */
export const MANAGEMENT_CLOSE_TIMEOUT_MS = 2000;

/**
 * For all that follows the public listener: the management listener, alerts that wait, leases and traces have 2 s each,
 * even when all of them hang.
 */
const SHUTDOWN_REST_MS = 8000;

/**
 * From the moment at which nobody can connect any more to the end of the process. Whoever stops it with a time limit of
 * their own adds the delay before that.
 */
export const SHUTDOWN_DEADLINE_MS = LISTENER_CLOSE_TIMEOUT_MS + SHUTDOWN_REST_MS;
