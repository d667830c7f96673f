/** What belongs to the request and not to its answer: what CORS set, what is left of a limit, and the connection's end. */
const KEPT = /^(?:vary|connection|access-control-.*|ratelimit-.*)$/;

/** Whether an error keeps a header that was set before it; a cookie or a location was for an answer that is not sent now. */
export function isKeptByErrors(name: string): boolean {
  return KEPT.test(name);
}
