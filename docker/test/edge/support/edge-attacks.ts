/** Something that is tried against the edge, with what has to happen (docs/edge.md). */
export interface EdgeAttack {
  readonly attack: string;
  /** Numbers of the project's requirements: `SR-26`. */
  readonly requirements: string;
  readonly expected: string;
}

const ONE_REQUEST =
  'one answer or none; the API sees no request that the edge did not send; the next client gets its own';
const REFUSED_AT_EDGE = 'refused at the edge';

/** Everything that is tried, by its name in the code, in the order of the document. */
export const edgeAttacks = {
  'tls-groups': {
    attack: 'agreeing on a key by each group, and by another',
    requirements: 'SR-27',
    expected: 'four groups, X25519MLKEM768 first',
  },
  'tls-weak-suites': {
    attack: 'TLS 1.0, TLS 1.1, suites without forward secrecy or authenticated encryption',
    requirements: 'SR-27',
    expected: 'handshake refused',
  },
  'tls-tickets': {
    attack: 'asking for a session ticket',
    requirements: 'SR-27',
    expected: 'none that holds a session',
  },
  'tls-early-data': {
    attack: 'data in the first flight of TLS 1.3',
    requirements: 'SR-27',
    expected: 'none is taken',
  },
  'tls-sslscan': { attack: 'sslscan', requirements: 'SR-27', expected: 'TLS 1.2 and 1.3, six suites' },
  'tls-testssl': { attack: 'testssl.sh', requirements: 'SR-27', expected: 'nothing from LOW on' },
  'foreign-names': {
    attack: 'a name in the handshake that is not ours, or none',
    requirements: 'SR-27',
    expected: 'handshake refused',
  },
  'foreign-hosts': {
    attack: 'our name in the handshake; another host, none, or a whole address in the request',
    requirements: 'SR-23, SR-27',
    expected: 'closed without a byte, the API sees nothing',
  },
  'plain-reader': { attack: 'plain HTTP, GET and HEAD', requirements: 'SR-27', expected: '301 to the fixed name' },
  'plain-credentials': {
    attack: 'plain HTTP with a token, a cookie, a body, or a method that changes something',
    requirements: 'SR-27',
    expected: '403, no redirect',
  },
  'plain-foreign-host': {
    attack: 'plain HTTP with another host',
    requirements: 'SR-27',
    expected: 'closed without a byte',
  },
  'errors-of-the-edge': {
    attack: 'whatever nginx refuses by itself',
    requirements: 'SR-31, SR-32, SR-33',
    expected: 'a problem document; each header once, with its value',
  },
  'answers-of-the-api': {
    attack: 'each sort of answer of the API',
    requirements: 'SR-31, SR-32, SR-37',
    expected: 'each header once, with its value',
  },
  'headers-of-every-route': {
    attack: 'every route, without a token',
    requirements: 'SR-31, SR-32',
    expected: 'each header once, with its value',
  },
  'headers-of-a-bare-api': {
    attack: 'an API that sends no header, or headers that say too much',
    requirements: 'SR-31, SR-32',
    expected: 'filled in, and taken away',
  },
  'cookies-without-flags': {
    attack: 'an API whose cookie has no flags',
    requirements: 'SR-25',
    expected: 'Secure and HttpOnly all the same',
  },
  'smuggling-both-lengths': {
    attack: 'smuggling: a length and a transfer coding',
    requirements: 'SR-26',
    expected: ONE_REQUEST,
  },
  'smuggling-transfer-coding': {
    attack: 'smuggling: a transfer coding that is spelled oddly',
    requirements: 'SR-26',
    expected: ONE_REQUEST,
  },
  'smuggling-content-length': {
    attack: 'smuggling: two lengths, and lengths that are spelled oddly',
    requirements: 'SR-26',
    expected: ONE_REQUEST,
  },
  'smuggling-line-ends': {
    attack: 'smuggling: folded lines, bare LF and CR, NUL',
    requirements: 'SR-26',
    expected: ONE_REQUEST,
  },
  'smuggling-chunks': {
    attack: 'smuggling: extensions, sizes and line ends of chunks, trailers',
    requirements: 'SR-26',
    expected: ONE_REQUEST,
  },
  'smuggling-versions': {
    attack: 'smuggling: upgrades to h2c and WebSocket, versions, request lines, two hosts',
    requirements: 'SR-26',
    expected: ONE_REQUEST,
  },
  'http2-content-length': {
    attack: 'HTTP/2: a body that is longer or shorter than it says',
    requirements: 'SR-26',
    expected: REFUSED_AT_EDGE,
  },
  'http2-foreign-host': {
    attack: 'HTTP/2: another host in a stream',
    requirements: 'SR-23, SR-27',
    expected: 'no answer',
  },
  'http2-streams': { attack: 'HTTP/2: 200 streams at once', requirements: 'SR-39', expected: '64 at most' },
  'http2-header-bomb': {
    attack: 'HTTP/2: a small block of headers that unfolds into a large one',
    requirements: 'SR-21',
    expected: '431 or the connection ends; the API sees nothing',
  },
  'http2-rapid-reset': {
    attack: 'HTTP/2: streams that are opened and reset at once',
    requirements: 'SR-39',
    expected: 'the connection ends; a bystander is served',
  },
  'http2-ping-flood': { attack: 'HTTP/2: nothing but pings', requirements: 'SR-39', expected: 'the connection ends' },
  'spoofed-headers': {
    attack: 'headers that say who the client is, what it asked for, or which request this is',
    requirements: 'SR-23, SR-47',
    expected: 'nothing changes: status, address, route, id, trace',
  },
  'spoofed-headers-upstream': {
    attack: 'the same, seen from behind the edge',
    requirements: 'SR-23',
    expected: "the API gets the edge's own alone",
  },
  'spoofed-budget': {
    attack: 'another claimed address with each request',
    requirements: 'SR-22, SR-23',
    expected: 'one budget',
  },
  'spoofed-request-id': {
    attack: 'a request id of the client',
    requirements: 'SR-47',
    expected: 'a new one, the same everywhere',
  },
  'behind-a-balancer': {
    attack: 'a list of addresses, behind a load balancer that is trusted',
    requirements: 'SR-23',
    expected: 'the last that is not trusted',
  },
  'two-clients': {
    attack: "one client's budget used up",
    requirements: 'SR-22',
    expected: "429 for it; the other's is untouched",
  },
  'asked-again': {
    attack: 'a request whose answer never came, was broken, late, or of another service',
    requirements: 'SR-38',
    expected: 'what changes nothing is asked once more, of the API alone; nothing else is',
  },
  'ipv6-networks': {
    attack: 'other addresses of the same IPv6 network',
    requirements: 'SR-22',
    expected: 'one budget for a /64',
  },
  'rate-requests': {
    attack: 'more requests at once than a client needs',
    requirements: 'SR-22, SR-33',
    expected: '429 with Retry-After, as a document',
  },
  'rate-sign-in': {
    attack: 'more sign-ins at once than a person needs',
    requirements: 'SR-22, SR-33',
    expected: '429 with Retry-After, as a document',
  },
  'many-connections': { attack: 'more requests in work than 64', requirements: 'SR-39', expected: '429' },
  'slow-clients': {
    attack: 'silence in a handshake, in the headers and in the body; a byte a second',
    requirements: 'SR-39',
    expected: 'cut off after 10 s; a bystander is served; the API sees nothing',
  },
  'body-length': { attack: 'a body of 100 KiB, and one byte more', requirements: 'SR-21', expected: 'passed on; 413' },
  'body-chunked': { attack: 'the same in chunks', requirements: 'SR-21', expected: 'passed on; 413' },
  'body-of-a-route': {
    attack: 'a sign-in of 4 KiB, and one byte more',
    requirements: 'SR-21',
    expected: 'read; 413 from the API',
  },
  'body-encoded': { attack: 'a body with Content-Encoding', requirements: 'SR-21', expected: '415' },
  'url-length': { attack: 'a URL of 8 KiB, and one byte more', requirements: 'SR-21', expected: 'passed on; 414' },
  'header-count': { attack: '60, 64 and 65 header fields', requirements: 'SR-21', expected: 'passed on; 431; 431' },
  'header-bytes': { attack: '15 and 18 KiB of headers', requirements: 'SR-21', expected: 'passed on; 431' },
  'hostile-origins': {
    attack: 'origins that resemble an allowed one',
    requirements: 'SR-24',
    expected: 'no CORS header, also after the allowed one has asked',
  },
  'methods-unknown': {
    attack: 'methods that no route has, on every path',
    requirements: 'SR-35',
    expected: '405 with Allow, at the edge',
  },
  'methods-of-routes': {
    attack: 'methods that the route has not, on every path',
    requirements: 'SR-35',
    expected: "405 with the route's own in Allow",
  },
  'management-paths': {
    attack: 'paths of the management listener, however they are spelled',
    requirements: 'SR-60',
    expected: '404 at the edge',
  },
  'cache-public': {
    attack: 'a public answer, asked for twice',
    requirements: 'SR-34, SR-47, SR-52',
    expected: 'from the cache, with an id of its own',
  },
  'cache-two-users': {
    attack: 'two users at one address',
    requirements: 'SR-34',
    expected: 'each their own answer; nothing is kept',
  },
  'cache-deception': {
    attack: "a user's address that ends or begins like something public",
    requirements: 'SR-34',
    expected: 'never from the cache',
  },
  'cache-unmarked': {
    attack: 'answers of the API that it does not call public',
    requirements: 'SR-34',
    expected: 'never from the cache',
  },
  'cache-private': {
    attack: 'answers that say nothing, no-store, private, a cookie, or that somebody with a name got',
    requirements: 'SR-34',
    expected: 'the API is asked each time',
  },
  'cache-poisoning': {
    attack: 'a public answer, asked for with hostile headers first',
    requirements: 'SR-34',
    expected: 'kept, and nothing of them in the answer to the next',
  },
  'cache-spellings': {
    attack: 'several spellings of one path',
    requirements: 'SR-34',
    expected: 'an answer for each',
  },
  'cache-stampede': {
    attack: 'many at once for what is not kept yet',
    requirements: 'SR-34',
    expected: 'the API is asked once',
  },
  'log-secrets': {
    attack: 'a secret in the query, in a header, in a cookie, in a body, with and without a refusal',
    requirements: 'SR-43',
    expected: 'in no log of edge and API',
  },
  'log-lines': {
    attack: 'quotes, control characters and broken UTF-8 in path and agent',
    requirements: 'SR-44',
    expected: 'one line of JSON for each',
  },
  'internal-redirect': {
    attack: 'an API that sends a client to a place inside of the edge',
    requirements: 'SR-33',
    expected: 'not followed',
  },
  'false-api': {
    attack: 'an API with a wrong certificate, or without one',
    requirements: 'SR-28',
    expected: '502, the request is not sent',
  },
  'api-hangs-up': {
    attack: 'an API that hangs up',
    requirements: 'SR-33',
    expected: '502 as a document; no write is sent twice',
  },
  'api-says-nothing': {
    attack: 'an API that does not answer',
    requirements: 'SR-33, SR-39',
    expected: '504 as a document after 15 s',
  },
  'edge-numbers': {
    attack: 'every size, time and count of the configuration, as nginx reads it',
    requirements: 'SR-21, SR-22, SR-39',
    expected: 'what was decided, and no number beside',
  },
  'edge-reload': {
    attack: 'a request on a connection that was kept while the edge was told to read its files again',
    requirements: 'SR-38',
    expected: 'answered',
  },
  'edge-health': {
    attack: 'an edge whose certificate no client takes, or behind which no API proves itself, asked for its health',
    requirements: 'SR-27, SR-28',
    expected: 'not healthy',
  },
  'api-is-away': {
    attack: 'an API that is not there, asked with a secret in the query',
    requirements: 'SR-33, SR-43',
    expected: '502 or 504 as a document; no secret in a log',
  },
} as const satisfies Record<string, EdgeAttack>;

/** The name of one of them. */
export type EdgeAttackId = keyof typeof edgeAttacks;
