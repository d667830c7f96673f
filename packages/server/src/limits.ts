/**
 * The numbers that the server enforces, each with its unit and its reason.
 * Source: the project's security requirements (SR-18, SR-21, SR-39).
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

/** A preflight answer may be reused for 10 minutes (SR-24). */
export const CORS_MAX_AGE_SECONDS = 600;

/** What is in flight at the end has this long to finish before its connection is cut; the rest of the shutdown follows. */
export const LISTENER_CLOSE_TIMEOUT_MS = 5000;

/** From the signal to the end of the process (SR-38). */
export const SHUTDOWN_DEADLINE_MS = 10_000;
