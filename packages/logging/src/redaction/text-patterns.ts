import { Buffer } from 'node:buffer';
import { redactedMark } from './limits.ts';

/**
 * One shape of secret inside free text. Each pattern is linear in the text's length (SR-76): repetitions in front of a
 * literal have an upper bound, and what may be long is consumed by the match. `hint` is a cheap test that spares the
 * search.
 */
export interface TextPattern {
  readonly name: string;
  readonly hint: RegExp;
  readonly pattern: RegExp;
  readonly replacement: string | ((match: string, ...groups: string[]) => string);
}

const secretWords =
  'pass(?:word|wd|phrase|code)|pwd|secret|token|api[_-]?key|private[_-]?key|credential|authorization|cookie|' +
  'session[_-]?id|jwt|assertion|signature';

/** Words whose value is redacted after a bare colon too; `token: expired` is a sentence, `password: x` is not. */
const secretWordsBeforeColon = 'pass(?:word|wd|phrase|code)|pwd|secret|api[_-]?key|private[_-]?key';

/** Parameters of OAuth, SAML and signed links: secrets in a query string, ordinary words elsewhere. */
const queryWords = 'code|state|sid|sig|key|auth|pass|pin|otp|ticket|nonce';

const quoted = String.raw`\\{0,4}"[^"\\]*(?:\\[^][^"\\]*)*"?|\\{0,4}'[^'\\]*(?:\\[^][^'\\]*)*'?`;
const bracketed = String.raw`\[[^\]]*\]?|\{[^}]*\}?`;
const bare = String.raw`[^\s&"'<>]+`;

/** In the order of application: wide shapes first, so that a narrow one does not cut them in pieces. */
export const textPatterns: readonly TextPattern[] = [
  {
    name: 'PEM private key', // RFC 7468; one that lost its end is redacted to the end of the text
    hint: /PRIVATE KEY/,
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    replacement: redactedMark,
  },
  {
    name: 'user information in a URL', // RFC 3986, section 3.2.1; a raw slash in the password is tolerated
    hint: /@/,
    pattern: /:\/\/(?:[^\s/?#]*|[^\s/?#:@]{0,128}:(?!\d{1,5}(?:[/?#]|$))[^\s@]{0,256})@/g,
    replacement: `://${redactedMark}@`,
  },
  {
    name: 'credential header', // to the end of the line: a cookie header holds many values
    hint: /(?:authorization|cookie)\s{0,4}:/i,
    pattern: /((?:authorization|cookie)\s{0,4}:)(?!\s{0,4}["'[{\\])[^\r\n]+/gi,
    replacement: `$1 ${redactedMark}`,
  },
  {
    name: 'assignment to a secret name', // form bodies, query strings, command lines
    hint: /=|%3D/i,
    pattern: new RegExp(
      String.raw`((?:${secretWords})[\w.\-\]]{0,24}(?:\\{0,4}["'])?\s{0,4}(?:=|%3D)\s{0,4})(?:${quoted}|${bare})`,
      'gi',
    ),
    replacement: `$1${redactedMark}`,
  },
  {
    name: 'member with a secret name', // JSON and inspected objects: the key or the value is quoted
    hint: /["']/,
    pattern: new RegExp(
      String.raw`((?:${secretWords})[\w.-]{0,24}(?:\\{0,4}["']\s{0,4}:\s{0,4}(?:${quoted}|${bracketed}|${bare})|` +
        String.raw`\s{0,4}:\s{0,4}(?:${quoted})))`,
      'gi',
    ),
    replacement: (match) => `${match.slice(0, match.indexOf(':') + 1)}"${redactedMark}"`,
  },
  {
    name: 'word after a secret name and a colon',
    hint: /:/,
    pattern: new RegExp(String.raw`((?:${secretWordsBeforeColon})\s{0,4}:\s{0,4})(?![[{"'\\])[^\s&"'<>,;]+`, 'gi'),
    replacement: `$1${redactedMark}`,
  },
  {
    name: 'credential in a query string',
    hint: /=|%3D/i,
    pattern: new RegExp(String.raw`((?:^|[?&;#]|%26|%3F)(?:${queryWords})(?:=|%3D))[^&\s"'<>#]+`, 'gi'),
    replacement: `$1${redactedMark}`,
  },
  {
    name: 'JSON Web Token', // RFC 7519: a header that begins with `{"`, and more segments
    hint: /eyJ/,
    pattern: /(?<![\w-])eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)*/g,
    replacement: redactedMark,
  },
  {
    name: 'bearer token', // RFC 6750, RFC 9449; "bearer token" as words stays
    hint: /bearer|dpop/i,
    pattern: /\b(bearer|dpop)((?:\s|%20|\+){1,8})([\w.~+/-]{6,}={0,2})/gi,
    replacement: (match, scheme, space, value) =>
      /^[a-z]{1,16}$/.test(value ?? '') ? match : `${scheme}${space}${redactedMark}`,
  },
  {
    name: 'basic credentials', // RFC 7617: what decodes to a name, a colon and a password
    hint: /basic/i,
    pattern: /\b(basic)((?:\s|%20|\+){1,8})([\w+/-]{4,}={0,2})/gi,
    replacement: (match, scheme, space, value) =>
      Buffer.from(value ?? '', 'base64').includes(':') ? `${scheme}${space}${redactedMark}` : match,
  },
  {
    name: 'e-mail address', // the percent-encoded at-sign too; begins where its run of characters begins
    hint: /@|%40/,
    pattern:
      /(?<![\p{L}\p{N}!#$'*+^_`{|}~.%-])[\p{L}\p{N}!#$'*+^_`{|}~.%-]+(?:@|%40)(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/gu,
    replacement: redactedMark,
  },
];

/** Applies one pattern to a text. */
export function applyPattern(text: string, { hint, pattern, replacement }: TextPattern): string {
  if (!hint.test(text)) return text;
  return typeof replacement === 'string' ? text.replace(pattern, replacement) : text.replace(pattern, replacement);
}
