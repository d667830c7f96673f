import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createAdministrator } from '../support/administrator.ts';
import { EdgeClient } from '../support/edge-client.ts';
import { apiRoutes } from './support/api-routes.ts';
import { type Exceptions, headerFaults } from './support/golden-headers.ts';
import { observe, tally } from './support/observe.ts';
import { problemFaults } from './support/problem-faults.ts';
import { askRaw, parseAnswers, type RawAnswer, type RawRequest } from './support/raw-answer.ts';
import { exchange } from './support/raw-exchange.ts';
import { edgeLineOf } from './support/stack-logs.ts';

const JSON_BODY = ['Content-Type', 'application/json'] as const;
const HOST = 'Host: localhost\r\nConnection: close\r\n';

/** Each sort of answer that the API gives, as it leaves the edge. */
const fromApi: Record<string, [status: number, request: RawRequest, exceptions?: Exceptions]> = {
  'a public text': [200, { path: '/.well-known/security.txt' }],
  'a cacheable answer': [200, { path: '/.well-known/jwks.json' }, { 'cache-control': 'public, max-age=600' }],
  'broken JSON': [400, { method: 'POST', path: '/api/auth/login', headers: [JSON_BODY], body: '{' }],
  'no token': [401, { path: '/api/users/me' }],
  'an unknown path': [404, { path: '/nothing/here' }],
  'a method that the route has not': [405, { method: 'POST', path: '/.well-known/jwks.json' }],
  'a type that nobody makes': [
    406,
    {
      path: '/.well-known/jwks.json',
      headers: [
        ['Accept', 'image/png'],
        ['Cookie', 'a=b'],
      ],
    },
  ],
  'a body above the limit of its route': [
    413,
    {
      method: 'POST',
      path: '/api/auth/login',
      headers: [JSON_BODY],
      body: JSON.stringify({ email: 'a'.repeat(5000) }),
    },
  ],
  'a body that is no JSON': [
    415,
    { method: 'POST', path: '/api/auth/login', headers: [['Content-Type', 'text/plain']], body: 'a' },
  ],
};

/** Each sort that nginx gives by itself: what was sent, as bytes. */
const fromEdge: Record<string, [status: number, bytes: string]> = {
  'what is no request': [400, 'GARBAGE\r\n\r\n'],
  'a method in small letters': [400, `get / HTTP/1.1\r\n${HOST}\r\n`],
  'a path that leaves the root': [400, `GET /../etc/passwd HTTP/1.1\r\n${HOST}\r\n`],
  'a NUL in the path': [400, `GET /a%00 HTTP/1.1\r\n${HOST}\r\n`],
  'an asterisk': [400, `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`],
  'an empty host': [400, 'GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n'],
  'two hosts': [400, `GET / HTTP/1.1\r\nHost: localhost\r\n${HOST}\r\n`],
  'two lengths': [400, `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\na`],
  'a hidden path': [404, `GET /metrics HTTP/1.1\r\n${HOST}\r\n`],
  "the edge's own place for errors": [404, `GET /_edge/400 HTTP/1.1\r\n${HOST}\r\n`],
  TRACE: [405, `TRACE / HTTP/1.1\r\n${HOST}\r\n`],
  CONNECT: [405, `CONNECT localhost:443 HTTP/1.1\r\n${HOST}\r\n`],
  PROPFIND: [405, `PROPFIND / HTTP/1.1\r\n${HOST}\r\n`],
  'a body that is too large': [413, `POST /a HTTP/1.1\r\n${HOST}Content-Length: 200000\r\n\r\n`],
  'a URL that is too long': [414, `GET /${'a'.repeat(9000)} HTTP/1.1\r\n${HOST}\r\n`],
  'a URL that is a little too long': [414, `GET /${'a'.repeat(8192)} HTTP/1.1\r\n${HOST}\r\n`],
  'a header that is too large': [431, `GET / HTTP/1.1\r\nX: ${'a'.repeat(9000)}\r\n${HOST}\r\n`],
  'too many headers': [431, `GET / HTTP/1.1\r\n${'X: a\r\n'.repeat(63)}${HOST}\r\n`],
  'a transfer coding that nobody knows': [501, `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip\r\n\r\n`],
  'another version of HTTP': [505, `GET / HTTP/3.0\r\n${HOST}\r\n`],
};

/** How many of the tests below have passed: what did not hold is not noted. */
const held = { api: 0, edge: 0 };

function faultsOf(answer: RawAnswer, exceptions?: Exceptions): readonly string[] {
  const problem = answer.status < 400 ? [] : problemFaults(answer);
  return [...headerFaults(answer.headers, exceptions), ...problem];
}

describe('SR-31, SR-32, SR-33: every answer has each header once, with its value, and every error is a document', () => {
  for (const [what, [status, request, exceptions]] of Object.entries(fromApi)) {
    it(`${status}, from the API: ${what}`, async () => {
      const since = new Date();
      const answer = await askRaw(request);
      expect(answer.status).toBe(status);
      expect(faultsOf(answer, exceptions)).toEqual([]);
      const line = await edgeLineOf(answer, since);
      expect([line.upstreamStatus, line.cache]).not.toEqual(['', '']);
      held.api += 1;
    });
  }

  for (const [what, [status, bytes]] of Object.entries(fromEdge)) {
    it(`${status}, from nginx: ${what}`, async () => {
      const since = new Date();
      const [answer, ...others] = parseAnswers(await exchange(bytes));
      if (answer === undefined) throw new Error('no answer');
      expect(others).toEqual([]);
      expect(answer.status).toBe(status);
      expect(faultsOf(answer)).toEqual([]);
      expect((await edgeLineOf(answer, since)).upstreamStatus).toBe('');
      if (status === 405) expect(answer.headers.get('allow')).toEqual(['GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS']);
      held.edge += 1;
    });
  }

  it('400, from nginx: plain HTTP on the port for TLS', async () => {
    const answer = await askRaw({ transport: 'plain' });
    expect(answer.status).toBe(400);
    expect(faultsOf(answer, { 'strict-transport-security': undefined })).toEqual([]);
  });

  it('is so for each of these', () => {
    expect(held).toEqual({ api: Object.keys(fromApi).length, edge: Object.keys(fromEdge).length });
    observe(
      'errors-of-the-edge',
      `${tally(Object.values(fromEdge).map(([status]) => status))}: documents, headers exact`,
    );
    observe('answers-of-the-api', `${tally(Object.values(fromApi).map(([status]) => status))}: headers exact`);
  });

  it('whatever the route', async () => {
    const statuses: number[] = [];
    for (const route of apiRoutes) {
      const answer = await askRaw(route);
      const isBare = route.method === 'HEAD' || answer.status < 400;
      const exceptions = route.path.endsWith('/jwks.json') ? { 'cache-control': 'public, max-age=600' } : {};
      expect(headerFaults(answer.headers, exceptions), `${route.method} ${route.path}`).toEqual([]);
      if (!isBare) expect(problemFaults(answer), `${route.method} ${route.path}`).toEqual([]);
      statuses.push(answer.status);
    }
    expect(statuses.length).toBeGreaterThan(25);
    observe('headers-of-every-route', `${apiRoutes.length} routes: ${tally(statuses)}; headers exact`);
  });
});

describe('SR-31, SR-32, SR-34: the answers to somebody who is signed in', () => {
  let client: EdgeClient;
  beforeAll(async () => {
    client = await EdgeClient.create();
  });
  afterAll(() => client.close());

  it('have the same headers, and are kept by nobody', async () => {
    const { email, password } = await createAdministrator(client);
    const signIn = await askRaw({
      method: 'POST',
      path: '/api/auth/login',
      headers: [JSON_BODY],
      body: JSON.stringify({ email, password }),
    });
    expect(signIn.status).toBe(200);
    expect(faultsOf(signIn)).toEqual([]);
    for (const cookie of signIn.headers.get('set-cookie') ?? [])
      expect(cookie).toMatch(/; HttpOnly.*; Secure|; Secure.*; HttpOnly/);
    const { accessToken } = JSON.parse(signIn.body) as { accessToken: string };
    const headers = [['Authorization', `Bearer ${accessToken}`]] as const;
    for (const [status, request] of [
      [200, { path: '/api/users/me', headers }],
      [200, { path: '/api/users?limit=1', headers }],
      [204, { method: 'POST', path: '/api/auth/logout', headers }],
    ] as const) {
      const answer = await askRaw(request);
      expect([request.path, answer.status]).toEqual([request.path, status]);
      expect(faultsOf(answer)).toEqual([]);
    }
  });
});
