import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';

import { sendRaw } from '@redoubt/testing';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { decideHeaders } from '../../src/index.ts';
import { createThingsServer } from '../support/things-server.ts';
import type { TestServer } from '../support/test-server.ts';

let server: TestServer;
let port: number;

beforeAll(async () => {
  server = await createThingsServer();
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  port = (server.app.server.address() as AddressInfo).port;
});
afterAll(() => server.app.close());

const json = { 'content-type': 'application/json' };

/** One request for each status that the pipeline or a route answers. */
const answers: Record<string, [InjectOptions, number]> = {
  'a public answer': [{ url: '/public' }, 200],
  'an answer to HEAD': [{ url: '/public', method: 'HEAD' }, 200],
  'an empty answer': [{ url: '/things', method: 'DELETE' }, 204],
  'an invalid body': [{ url: '/things', method: 'POST', headers: json, payload: '{"name":1}' }, 400],
  'a malformed address': [{ url: '/public/%zz' }, 400],
  'a missing token': [{ url: '/own' }, 401],
  'a wrong token': [{ url: '/own', headers: { authorization: 'Bearer wrong' } }, 401],
  'a missing permission': [{ url: '/read', headers: { authorization: 'Bearer token-of-bob' } }, 403],
  'a path that does not exist': [{ url: '/nothing' }, 404],
  'a doubled slash': [{ url: '//public' }, 400],
  'a method that the path does not offer': [{ url: '/public', method: 'PUT', headers: json, payload: '{}' }, 405],
  'a method that Fastify does not route': [{ url: '/public', method: 'PROPFIND' }, 405],
  'a trace': [{ url: '/public', method: 'TRACE' }, 405],
  'an answer that the client does not accept': [{ url: '/public', headers: { accept: 'text/html' } }, 406],
  'a conflict': [{ url: '/conflict' }, 409],
  'a body that is too large': [
    { url: '/things', method: 'POST', headers: json, payload: `"${'a'.repeat(100 * 1024 - 1)}"` },
    413,
  ],
  'an address that is too long': [{ url: `/public?${'a'.repeat(8 * 1024 - 7)}` }, 414],
  'a form': [
    {
      url: '/things',
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'name=a',
    },
    415,
  ],
  'a fault of ours': [{ url: '/throws' }, 500],
  'a status that is not declared': [{ url: '/undeclared' }, 500],
  'an unknown path with a body that is not read': [
    { url: '/nothing', method: 'POST', headers: json, payload: '{' },
    404,
  ],
  'an upstream that is broken': [{ url: '/upstream' }, 500],
  'a busy dependency': [{ url: '/own-headers' }, 503],
};

describe('every answer', () => {
  for (const [what, [request, status]] of Object.entries(answers)) {
    it(`SR-32, SR-34: ${what} (${status}) carries the security headers, each once and exactly`, async () => {
      const response = await server.app.inject(request);
      expect(response.statusCode).toBe(status);
      expect(response.headers).toMatchObject(await decideHeaders());
      expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(response.headers).not.toHaveProperty('x-powered-by');
      expect(response.headers).not.toHaveProperty('server');
    });

    if (status < 400) continue;
    it(`SR-37: ${what} (${status}) is a problem document and nothing else`, async () => {
      const response = await server.app.inject(request);
      expect(response.headers['content-type']).toBe('application/problem+json');
      const problem = response.json<Record<string, unknown>>();
      expect(Object.keys(problem).filter((key) => key !== 'errors')).toEqual(['type', 'title', 'status', 'requestId']);
      expect(problem).toMatchObject({ status, requestId: response.headers['x-request-id'] });
      expect(response.body).not.toContain('c4n4ry');
    });
  }

  const broken: Record<string, [string, number]> = {
    'bytes that are no request': ['\u0016\u0003\u0001\r\n\r\n', 400],
    'a method that nobody knows': ['FROB /public HTTP/1.1\r\nHost: a\r\n\r\n', 405],
    'two lengths': ['POST /things HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}', 400],
    'a length and chunks': [
      'POST /things HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    'headers of more than 16 KiB': [`GET /public HTTP/1.1\r\nHost: a\r\nX-Long: ${'a'.repeat(17 * 1024)}\r\n\r\n`, 431],
    'more than 64 headers': [
      `GET /public HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${'X-A: b\r\n'.repeat(64)}\r\n`,
      431,
    ],
    'an encoded parent': ['GET /public/%2e%2e/own HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    'an address of 20 KiB': [`GET /${'a'.repeat(20 * 1024)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    'a request for a tunnel': ['CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 405],
    'no host': ['GET /public HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    'an address of 8 KiB + 1': [`GET /${'a'.repeat(8 * 1024)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, 414],
  };
  for (const [what, [bytes, status]] of Object.entries(broken)) {
    it(`SR-32, SR-33, SR-37: ${what} (${status}) gets the same headers and a problem document`, async () => {
      const response = await sendRaw(port, bytes);
      expect(response.status).toBe(status);
      for (const [name, value] of Object.entries(await decideHeaders()))
        expect(response.headers.get(name)).toEqual([value]);
      const requestId = response.headers.get('x-request-id')?.[0];
      expect(JSON.parse(response.body)).toMatchObject({ status, requestId });
    });
  }

  it('writes a line for an address that the router cannot read, and for bytes that are no request', async () => {
    const malformed = await sendRaw(port, 'GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    const noRequest = await sendRaw(port, '\u0016\u0003\u0001\r\n\r\n');
    const idOf = ({ headers }: typeof malformed): string => headers.get('x-request-id')?.[0] ?? '';
    expect(server.log.lines()).toContainEqual(
      expect.objectContaining({ requestId: idOf(malformed), route: '(none)', status: 400, clientAddress: '127.0.0.1' }),
    );
    expect(server.log.lines()).toContainEqual(
      expect.objectContaining({ requestId: idOf(noRequest), msg: 'not a request', clientAddress: '127.0.0.1' }),
    );
  });

  it('answers a request with an expectation that it does not know', async () => {
    const response = await sendRaw(
      port,
      'GET /public HTTP/1.1\r\nHost: a\r\nExpect: the-unexpected\r\nConnection: close\r\n\r\n',
    );
    expect(response.status).toBe(200);
  });

  it('SR-35: names the methods that a path offers', async () => {
    const response = await server.app.inject({ url: '/things', method: 'PATCH' });
    expect(response.headers['allow']).toBe('DELETE, POST');
  });

  it('SR-6: says the same for a missing, a malformed and a wrong token', async () => {
    const tokens = [
      undefined,
      '',
      'Bearer',
      'Bearer  two',
      'Basic YTpi',
      'Bearer wrong',
      'bearer wrong, Bearer token-of-ada',
    ];
    const bodies = new Set<string>();
    for (const authorization of tokens) {
      const response = await server.app.inject({
        url: '/own',
        headers: authorization === undefined ? {} : { authorization },
      });
      expect([response.statusCode, response.headers['www-authenticate']]).toEqual([401, 'Bearer']);
      bodies.add(
        createHash('sha256')
          .update(response.body.replace(/"requestId":"[^"]+"/, ''))
          .digest('hex'),
      );
    }
    expect(bodies.size).toBe(1);
  });

  it('SR-34: lets shared caches keep what its route says, and only when it succeeded', async () => {
    expect((await server.app.inject('/cached')).headers['cache-control']).toBe('public, max-age=60');
    const refused = await server.app.inject({ url: '/cached', headers: { accept: 'text/html' } });
    expect(refused.headers['cache-control']).toBe('no-store');
  });

  it('SR-37: says where on every 400', async () => {
    const response = await sendRaw(port, 'GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(JSON.parse(response.body)).toMatchObject({ errors: [{ pointer: '' }] });
  });

  it('drops a cookie and a location that were meant for another answer', async () => {
    const { headers, statusCode } = await server.app.inject({
      url: '/cookie',
      headers: { origin: 'https://app.example' },
    });
    expect(statusCode).toBe(409);
    expect(JSON.stringify(headers)).not.toContain('c4n4ry');
    expect(headers['access-control-allow-origin']).toBe('https://app.example');
  });

  it('SR-26: does not answer garbage before the request that stands in front of it', async () => {
    const response = await sendRaw(port, 'GET /slow HTTP/1.1\r\nHost: a\r\n\r\nFROB / HTTP/1.1\r\n\r\n');
    expect(response.status).toBe(0);
  });

  it('writes a line for a client that hung up before its answer', async () => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n'));
    await once(server.app.server, 'request');
    socket.destroy();
    await eventually(() => server.log.lines().some(({ route, status }) => route === '/slow' && status === 499));
    const line = server.log.lines().find(({ route, status }) => route === '/slow' && status === 499);
    expect(line).toMatchObject({ clientAddress: '127.0.0.1' });
  });

  it('SR-37: takes a client that hung up in the middle of its body for no fault of the service', async () => {
    const before = server.log.lines().filter(({ level }) => level === 'error').length;
    const head = 'POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{';
    const socket = connect(port, '127.0.0.1', () => socket.write(head));
    await once(server.app.server, 'request');
    socket.destroy();
    await eventually(() => server.log.lines().some(({ route, status }) => route === '/things' && status === 499));
    expect(server.log.lines().filter(({ level }) => level === 'error')).toHaveLength(before);
  });

  it('carries the headers that belong to an error, and tells when to come back', async () => {
    expect((await server.app.inject('/conflict')).headers['x-reason']).toBe('taken');
    expect((await server.app.inject('/own-headers')).headers['retry-after']).toBe('7');
  });
});

/** Looks again after each turn of the event loop; the test's own time limit is the bound. */
async function eventually(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate();
}
