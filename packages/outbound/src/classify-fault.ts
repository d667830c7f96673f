import { OutboundError, type OutboundFault } from './outbound-error.ts';

/** Codes of Node and OpenSSL for a handshake or a certificate that was not taken. */
const TLS_CODE =
  /^(?:ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_|HOSTNAME_|EPROTO$)/;

/** Codes of the library whose kind is not the connection. */
const KNOWN: ReadonlyMap<string, OutboundFault> = new Map([
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_HEADERS_OVERFLOW', 'too-large'],
]);

/** A code that looks like one; anything else could quote an answer. */
const CODE = /^[A-Z][A-Z0-9_]{1,60}$/;

/** Turns what a call threw into an error of this package, which says what kind of fault it is and quotes nothing. */
export function classifyFault(error: unknown, host: string): OutboundError {
  if (error instanceof OutboundError) return error.host === undefined ? withHost(error, host) : error;
  const reason = codeOf(error);
  if (reason === undefined) return new OutboundError('connection', { host });
  const fault = KNOWN.get(reason) ?? (TLS_CODE.test(reason) ? 'tls' : 'connection');
  return new OutboundError(fault, { host, reason });
}

function withHost({ code, reason, status }: OutboundError, host: string): OutboundError {
  const known = { ...(reason === undefined ? {} : { reason }), ...(status === undefined ? {} : { status }) };
  return new OutboundError(code, { host, ...known });
}

function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && CODE.test(code) ? code : undefined;
}
