import { Buffer } from 'node:buffer';

/** Longest text that is shown, in characters: the service writes at most as much. */
const MAX_SHOWN = 16_384;

/** A part of the encoded header text of RFC 2047: character set, encoding, text. */
const ENCODED_WORD = /=\?([\w-]+)\?([bq])\?([^?\s]*)\?=/gi;

/** Between two encoded words white space is no text (RFC 2047, section 6.2). */
const BETWEEN_ENCODED_WORDS = /\?=\s+=\?/g;

/** Whatever could move the cursor of a terminal or forge a line of a log, but for the end of a line. */
// oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
const CONTROL_CHARACTER = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/**
 * The subject and the text of a message as a person reads them: decoded, and without control characters. A message of
 * several parts is shown as it was sent; the service sends none.
 */
export function toReadable(source: Buffer): string {
  const [head, body] = splitMessage(source.toString('latin1'));
  const headers = parseHeaders(head);
  const subject = decodeWords(headers.get('subject') ?? '');
  const text = decodeBody(body, headers.get('content-transfer-encoding'));
  return printable(`Subject: ${subject}\n\n${text}`).slice(0, MAX_SHOWN);
}

function splitMessage(source: string): readonly [head: string, body: string] {
  const end = source.indexOf('\r\n\r\n');
  return end === -1 ? [source, ''] : [source.slice(0, end), source.slice(end + 4)];
}

/** Names in lower case; a folded line is one line (RFC 5322, section 2.2.3). */
function parseHeaders(head: string): ReadonlyMap<string, string> {
  const lines = head.replaceAll(/\r\n(?=[ \t])/g, '').split('\r\n');
  return new Map(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.toLowerCase(), value.join(':').trim()];
    }),
  );
}

function decodeBody(body: string, encoding = ''): string {
  const kind = encoding.toLowerCase();
  if (kind === 'base64') return Buffer.from(body, 'base64').toString();
  return Buffer.from(kind === 'quoted-printable' ? decodeQuoted(body) : body, 'latin1').toString();
}

function decodeWords(text: string): string {
  return text
    .replaceAll(BETWEEN_ENCODED_WORDS, '?==?')
    .replaceAll(ENCODED_WORD, (_word, _set: string, encoding: string, encoded: string) =>
      encoding.toLowerCase() === 'b'
        ? Buffer.from(encoded, 'base64').toString()
        : Buffer.from(decodeQuoted(encoded.replaceAll('_', ' ')), 'latin1').toString(),
    );
}

/** Bytes, each as the character of its number (RFC 2045, section 6.7). */
function decodeQuoted(text: string): string {
  return text
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9a-f]{2})/gi, (_escape, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
}

function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(CONTROL_CHARACTER, '\u{fffd}');
}
