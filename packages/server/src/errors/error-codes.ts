/** What a code of the table below stands for. */
export interface ErrorDefinition {
  /** HTTP status that the client sees. */
  readonly status: number;
  /** One sentence, safe to show to anybody; never built from input. */
  readonly title: string;
}

/**
 * Every error that a client can see, by its stable code. Problem documents carry the code in `type`, as
 * `urn:problem-type:<code>` (RFC 9457, section 3.1.1).
 */
export const errorCodes = {
  'invalid-request': { status: 400, title: 'The request is not valid.' },
  'invalid-json': { status: 400, title: 'The body is not valid JSON.' },
  'invalid-token': { status: 400, title: 'The token is not valid, or no longer.' },
  unauthenticated: { status: 401, title: 'A valid access token is required.' },
  'invalid-credentials': { status: 401, title: 'The e-mail address or the password is not right.' },
  'insufficient-authentication': { status: 401, title: 'A more recent sign-in is required.' },
  forbidden: { status: 403, title: 'The caller may not do this.' },
  'not-found': { status: 404, title: 'There is nothing here.' },
  'method-not-allowed': { status: 405, title: 'This method is not offered here.' },
  'not-acceptable': { status: 406, title: 'No representation that the client accepts is offered.' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time.' },
  conflict: { status: 409, title: 'The request conflicts with what is stored.' },
  'idempotency-in-flight': { status: 409, title: 'A request with this Idempotency-Key is still running.' },
  'body-too-large': { status: 413, title: 'The body is too large.' },
  'url-too-long': { status: 414, title: 'The address is too long.' },
  'unsupported-media-type': { status: 415, title: 'The body must be application/json in UTF-8, not encoded.' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used with another request.' },
  'too-many-requests': { status: 429, title: 'Too many requests.' },
  'headers-too-large': { status: 431, title: 'The headers are too large.' },
  internal: { status: 500, title: 'Something went wrong.' },
  unavailable: { status: 503, title: 'The service is busy or a dependency is away; try again.' },
} as const satisfies Record<string, ErrorDefinition>;

/** A stable name of one kind of error. */
export type ErrorCode = keyof typeof errorCodes;
