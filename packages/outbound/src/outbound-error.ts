/** Why a call that leaves the service failed, or was not made. */
export type OutboundFault =
  /** Not https (plain http goes to loopback only), no URL at all, or one with a name and password. */
  | 'invalid-url'
  | 'host-not-allowed'
  /** The name leads to an address that the client may not reach. */
  | 'address-not-allowed'
  /** More calls wait for this host than may. */
  | 'busy'
  | 'timeout'
  /** The caller's own signal ended the call. */
  | 'aborted'
  /** The client was closed. */
  | 'closed'
  | 'connection'
  /** The other side could not prove who it is, or speaks no TLS that is taken. */
  | 'tls'
  | 'redirect'
  | 'encoding'
  | 'too-large';

/** What is known of a fault beside its kind. */
export interface OutboundErrorDetails {
  /** The host as the list of allowed hosts names it. */
  readonly host?: string;
  /** A code of the system or the library, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
  readonly reason?: string;
  /** The status of an answer that was refused for something else in it. */
  readonly status?: number;
}

/**
 * A call that leaves the service failed, or was not made. Message and properties hold codes and the name of an allowed
 * host: no URL, header or body, and no `cause`, because what the library throws quotes the answer.
 */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly code: OutboundFault;
  readonly host: string | undefined;
  /** For logs: one of a fixed set, never a part of an answer. */
  readonly reason: string | undefined;
  readonly status: number | undefined;

  constructor(code: OutboundFault, { host, reason, status }: OutboundErrorDetails = {}) {
    const where = host === undefined ? '' : ` to ${host}`;
    const why = reason === undefined ? '' : ` (${reason})`;
    super(`a call${where} was refused or failed: ${code}${why}`);
    this.code = code;
    this.host = host;
    this.reason = reason;
    this.status = status;
  }
}
