/**
 * A path whose every segment is what it seems: no dot segment, no empty segment but the last, no backslash, and of the
 * printable characters those that RFC 3986 (section 3.3) lets a path have.
 */
const PLAIN_PATH = /^(?:\/(?!\.{0,2}\/|\.{1,2}$)[A-Za-z0-9._~!$&'()*+,;=:@%-]*)+$/;

/**
 * What may stand encoded in a path: neither a character that needs no encoding, for it would be a second spelling of the
 * same path (RFC 3986, section 6.2.2.2), nor one that a decoder further on would take for structure: `/`, `\`, `%`,
 * `.`, and control characters.
 */
const HARMLESS_ENCODING = /^%(?:2[0-46-9A-C]|3[A-F]|40|5[BDE]|60|7[B-D]|[89A-F][0-9A-F])$/i;

/**
 * Whether a request target is a path in normal form, with or without a query: in the only form in which the edge, the
 * router and an access rule cannot disagree about it. An absolute address and `*` are no paths; this service is nobody's
 * proxy. Bytes outside of ASCII do not get past Node's parser, and broken UTF-8 not past the router.
 */
export function isNormalTarget(target: string): boolean {
  const end = target.indexOf('?');
  const path = end === -1 ? target : target.slice(0, end);
  return PLAIN_PATH.test(path) && (!path.includes('%') || isHarmlesslyEncoded(path));
}

function isHarmlesslyEncoded(path: string): boolean {
  const encodings = path.match(/%.{0,2}/g) ?? [];
  return encodings.every((encoding) => HARMLESS_ENCODING.test(encoding));
}
