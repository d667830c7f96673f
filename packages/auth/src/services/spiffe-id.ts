/** A service's name as SPIFFE writes it, checked: `spiffe://<trust domain>/<path>`. */
export type SpiffeId = string & { readonly [brand]: 'SpiffeId' };

declare const brand: unique symbol;

/** Longest name, in bytes (SPIFFE-ID, section 2.3). */
const MAX_SPIFFE_ID_BYTES = 2048;

/**
 * SPIFFE-ID, sections 2.1 and 2.2: the trust domain in lower case, without user or port; then at least one segment, of
 * letters, digits and `.-_`, none of them empty, `.` or `..`. No character of it needs an escape anywhere.
 */
const SPIFFE_ID = /^spiffe:\/\/[a-z0-9._-]{1,255}(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)+$/;

/** Whether a text is the name of a service. There is one spelling of each name, so names are compared as text. */
export function isSpiffeId(text: string): text is SpiffeId {
  return text.length <= MAX_SPIFFE_ID_BYTES && SPIFFE_ID.test(text);
}

/** Reads the name of a service from our own code or settings. Throws a `TypeError` for anything else. */
export function parseSpiffeId(text: string): SpiffeId {
  if (!isSpiffeId(text)) throw new TypeError('a service is named spiffe://trust-domain/path');
  return text;
}
