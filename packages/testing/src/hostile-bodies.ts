import { Buffer } from 'node:buffer';

/** A body that no route may take, and the status that it gets. */
export interface HostileBody {
  readonly name: string;
  readonly body: string | Buffer;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
}

const JSON_TYPE = 'application/json';
const KIB = 1024;

/** Wraps hostile JSON in a member that schemas do not know, so that only the parser can be what refuses it. */
const member = (json: string): string => `{"x":${json}}`;

/** What SR-16, SR-18, SR-21 and SR-36 name: each is a 4xx, none of them a 5xx, for any route with a body of 100 KiB. */
export const hostileBodies: readonly HostileBody[] = [
  { name: 'malformed JSON', body: '{"email":', status: 400 },
  { name: 'a repeated key', body: '{"email":"a@b.example","email":"c@d.example"}', status: 400 },
  { name: '__proto__', body: '{"__proto__":{"role":"admin"}}', status: 400 },
  { name: '__proto__ in another spelling', body: '{"\\u005f\\u005fproto__":{"role":"admin"}}', status: 400 },
  { name: 'constructor.prototype', body: '{"constructor":{"prototype":{"role":"admin"}}}', status: 400 },
  { name: 'an unknown field', body: '{"isAdmin":true}', status: 400 },
  { name: 'an array for an object', body: '[]', status: 400 },
  { name: 'a text for an object', body: '"x"', status: 400 },
  { name: 'null', body: 'null', status: 400 },
  { name: '20,000 levels of nesting', body: '['.repeat(20_000) + ']'.repeat(20_000), status: 400 },
  { name: '20,000 levels of nesting that never end', body: '{"a":'.repeat(10_000), status: 400 },
  { name: 'a number beyond a double', body: member('1e400'), status: 400 },
  { name: 'a lone surrogate', body: member('"\\ud800"'), status: 400 },
  { name: 'NUL', body: member('"\\u0000"'), status: 400 },
  { name: 'bytes that are not UTF-8', body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), status: 400 },
  { name: 'a byte order mark', body: '\uFEFF{}', status: 400 },
  {
    name: '1,001 keys',
    body: JSON.stringify(Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`k${index}`, 0]))),
    status: 400,
  },
  { name: 'one byte over 100 KiB', body: `"${'a'.repeat(100 * KIB - 1)}"`, status: 413 },
  { name: 'a form', body: 'email=a%40b.example', contentType: 'application/x-www-form-urlencoded', status: 415 },
  { name: 'plain text', body: '{}', contentType: 'text/plain', status: 415 },
  { name: 'another charset', body: '{}', contentType: 'application/json; charset=utf-16', status: 415 },
  { name: 'a media type that only starts like JSON', body: '{}', contentType: 'application/json-seq', status: 415 },
  { name: 'a media type that is none', body: '{}', contentType: 'json', status: 415 },
  { name: 'a compressed body', body: '{}', headers: { 'content-encoding': 'gzip' }, status: 415 },
];

/** The headers to send a hostile body with. */
export function headersOf({ contentType = JSON_TYPE, headers = {} }: HostileBody): Record<string, string> {
  return { 'content-type': contentType, ...headers };
}
