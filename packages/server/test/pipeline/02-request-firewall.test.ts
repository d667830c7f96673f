import type { AddressInfo } from 'node:net';

import { sendRaw } from '@redoubt/testing';
import { Type } from '@sinclair/typebox';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isNormalTarget } from '../../src/pipeline/02-request-target.ts';
import { createTestServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;
let port: number;
/** Every path that a route was called with. */
const reached: string[] = [];

beforeAll(async () => {
  server = await createTestServer({ allowedHosts: ['api.example', '127.0.0.1', '[::1]'] });
  const segment = Type.String({ maxLength: 8192 });
  const response = { 200: Type.Object({}, { additionalProperties: false }) };
  for (const url of ['/', '/:a', '/:a/:b', '/:a/:b/:c']) {
    const names = [...url.matchAll(/:(\w)/g)].map(([, name = '']) => name);
    const params = Type.Object(Object.fromEntries(names.map((name) => [name, segment])), {
      additionalProperties: false,
    });
    server.app.get(url, { access: 'public', schema: { params, response } }, (request) => {
      reached.push(Object.values(request.params as Record<string, string>).join('/'));
      return {};
    });
  }
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  port = (server.app.server.address() as AddressInfo).port;
});
afterAll(() => server.app.close());

function get(target: string, headers: readonly string[] = [], host = 'api.example') {
  return sendRaw(
    port,
    `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${headers.map((line) => `${line}\r\n`).join('')}Connection: close\r\n\r\n`,
  );
}

/** Each leads somewhere else for somebody on the way: an edge, a cache, the router, or a rule. */
const hostileTargets: Record<string, string> = {
  'a parent': '/public/../admin',
  'a parent at the end': '/public/..',
  'a dot segment': '/./admin',
  'a dot segment at the end': '/admin/.',
  'an encoded parent': '/public/%2e%2e/admin',
  'a half-encoded parent': '/public/.%2E/admin',
  'a doubly encoded parent': '/public/%252e%252e/admin',
  'an encoded slash': '/public%2Fadmin',
  'an encoded slash in lower case': '/public%2fadmin',
  'a doubly encoded slash': '/public%252fadmin',
  'a backslash': '/public\\admin',
  'an encoded backslash': '/public%5Cadmin',
  'a doubled slash': '//admin',
  'a doubled slash inside': '/public//admin',
  'a doubled slash at the end': '/admin//',
  'an encoded letter': '/%61dmin',
  'an encoded digit': '/admin%31',
  'an encoded dot in a name': '/file%2Ejson',
  'an encoded tilde': '/%7Eroot',
  'an encoded percent sign': '/100%25',
  'a NUL': '/admin%00',
  'a line break': '/admin%0d%0aSet-Cookie:a=b',
  'an escape sequence': '/%1b%5B2J',
  'a delete character': '/%7f',
  'an overlong slash': '/public%C0%AFadmin',
  'an overlong dot': '/%C0%AE%C0%AE/admin',
  'half a character': '/%C3',
  'an encoding that is none': '/%zz',
  'an encoding cut short': '/%2',
  'a fragment': '/public#/admin',
  'an absolute address': 'http://api.example/admin',
  'an absolute address of another host': 'http://other.example/admin',
  'no slash at the start': 'admin',
  'a star': '*',
  'a quote': '/a"b',
  'a brace': '/{a}',
  'a query with a byte outside of ASCII': '/public?a=\u00e9',
};

describe('the request firewall', () => {
  for (const [what, target] of Object.entries(hostileTargets)) {
    it(`SR-21: refuses ${what} before a route sees it, and does not repeat it`, async () => {
      reached.length = 0;
      const answer = await get(target);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toEqual(['application/problem+json']);
      expect(answer.body).not.toContain('admin');
      expect(reached).toEqual([]);
    });
  }

  it.each([
    ['/', ''],
    ['/api/users', 'api/users'],
    ['/.well-known/jwks.json', '.well-known/jwks.json'],
    ['/a..b/...', 'a..b/...'],
    ['/caf%C3%A9', 'café'],
    ['/a%20b%3Fc', 'a b?c'],
    ["/~a!$&'()*+,;=:@-_", "~a!$&'()*+,;=:@-_"],
  ])('lets %s through as it is', async (target, seen) => {
    reached.length = 0;
    expect((await get(target)).status).toBe(200);
    expect(reached).toEqual([seen]);
  });

  it('SR-21: takes no path that a URL parser would change, so that nobody on the way reads another', () => {
    const piece = fc.constantFrom(
      '/',
      '.',
      '..',
      '%2e',
      '%2F',
      '%5c',
      '\\',
      '%41',
      '%20',
      'a',
      ';',
      '%',
      '%25',
      '%C3%A9',
      '//',
      '~',
      ':',
      '@',
    );
    const isFixedPoint = fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const path = `/${pieces.join('')}`;
      return !isNormalTarget(path) || new URL(`http://a${path}`).pathname === path;
    });
    expect(() => fc.assert(isFixedPoint, { numRuns: 5000 })).not.toThrow();
  });

  const doubled: Record<string, readonly string[]> = {
    'two hosts': ['Host: api.example'],
    'two other hosts': ['Host: other.example'],
    'a host in another case': ['hOST: api.example'],
    'two tokens': ['Authorization: Bearer token-of-ada', 'Authorization: Bearer token-of-bob'],
    'two media types': ['Content-Type: application/json', 'Content-Type: text/plain'],
    'two origins': ['Origin: https://app.example', 'Origin: https://evil.example'],
    'two cookies': ['Cookie: a=b', 'Cookie: a=c'],
    'two keys': ['Idempotency-Key: aaaaaaaaaaaaaaaa', 'Idempotency-Key: bbbbbbbbbbbbbbbb'],
    'two ids': ['X-Request-Id: aaaaaaaa', 'X-Request-Id: bbbbbbbb'],
    'two clients': ['X-Forwarded-For: 192.0.2.1', 'X-Forwarded-For: 192.0.2.2'],
    'two forwarded hosts': ['X-Forwarded-Host: a.example', 'X-Forwarded-Host: b.example'],
    'two lengths': ['Content-Length: 0', 'Content-Length: 0'],
  };
  for (const [what, headers] of Object.entries(doubled)) {
    it(`SR-26: refuses ${what}`, async () => {
      reached.length = 0;
      expect((await get('/public', headers)).status).toBe(400);
      expect(reached).toEqual([]);
    });
  }

  it('lets a header through that a request may repeat', async () => {
    expect((await get('/public', ['Accept: application/json', 'Accept: */*', 'Via: a', 'Via: b'])).status).toBe(200);
  });

  it.each(['api.example', 'API.example', 'api.example:8443', '127.0.0.1:3000', '[::1]:3000'])(
    'answers to its own name: %s',
    async (host) => {
      expect((await get('/public', [], host)).status).toBe(200);
    },
  );

  it.each([
    'other.example',
    'api.example.other.example',
    'xapi.example',
    'api.example.',
    'api.example@other.example',
    'api.example/..',
    'api.example:99999999',
    'api.example:a',
    'api_example',
    '0x7f.1',
    '2130706433',
    '[::ffff:127.0.0.1]',
    'localhost',
    '',
  ])('SR-23: refuses another name: %j', async (host) => {
    reached.length = 0;
    expect((await get('/public', [], host)).status).toBe(400);
    expect(reached).toEqual([]);
  });

  it('SR-23: is not talked into another host by a forwarding header', async () => {
    const headers = ['X-Forwarded-Host: api.example', 'Forwarded: host=api.example', 'X-Host: api.example'];
    expect((await get('/public', headers, 'other.example')).status).toBe(400);
    expect((await get('/public', ['X-Forwarded-Host: other.example'])).status).toBe(200);
  });

  it.each([[[]], [['API.example']], [['api.example:443']], [['https://api.example']]])(
    'SR-23: does not start with the hosts %j, which no header matches',
    async (allowedHosts) => {
      await expect(createTestServer({ allowedHosts })).rejects.toThrow(TypeError);
    },
  );
});
