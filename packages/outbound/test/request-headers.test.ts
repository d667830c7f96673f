import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createOutboundClient } from '../src/index.ts';
import { startWebServer, type WebServer } from './support/web-server.ts';

const CANARY = 'c4n4ry';

let server: WebServer;
let received: NodeJS.Dict<string | string[]>[] = [];
let paths: (string | undefined)[] = [];
beforeAll(async () => {
  server = await startWebServer((request, response) => {
    received.push(request.headers);
    paths.push(request.url);
    response.setHeader('set-cookie', [`session=${CANARY}`, 'other=1']);
    response.setHeader('x-twice', ['a', 'b']);
    response.end();
  });
});
afterAll(() => server.close());

async function call(headers: Record<string, string>, path = '/') {
  received = [];
  paths = [];
  const client = createOutboundClient({ hosts: [{ host: '127.0.0.1', port: server.port, reach: 'loopback' }] });
  try {
    return await client.request({ method: 'GET', url: `http://127.0.0.1:${server.port}${path}`, headers });
  } finally {
    await client.close();
  }
}

describe('the headers of a call', () => {
  it('are those that were given, and ask for nothing encoded', async () => {
    await call({ Authorization: 'Bearer a', 'x-a': '', 'x-b': 'a\tb c' }, '/path?a=b&c=%0D%0A');
    const host = `127.0.0.1:${server.port}`;
    const sent = { authorization: 'Bearer a', 'x-a': '', 'x-b': 'a\tb c', 'accept-encoding': 'identity' };
    expect(received).toEqual([{ ...sent, host, connection: 'keep-alive' }]);
    expect(paths).toEqual(['/path?a=b&c=%0D%0A']);
  });

  it('SR-29: begin no other header and no other message', async () => {
    for (const value of [
      `a\r\nx-injected: ${CANARY}`,
      `a\nx-injected: ${CANARY}`,
      `a\rx-injected: ${CANARY}`,
      `a\r\n\r\nGET /${CANARY} HTTP/1.1\r\nhost: a\r\n\r\n`,
      `a\0${CANARY}`,
      `a\u010D\u010A${CANARY}`, // letters whose last bytes are a line break in latin1
      `a\u2028${CANARY}`,
      `a\u00e9${CANARY}`,
      `\u007f${CANARY}`,
    ]) {
      for (const headers of [{ 'x-a': value }, { [value]: 'a' }]) {
        const error: unknown = await call(headers).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(TypeError);
        expect(String((error as Error).stack)).not.toContain(CANARY);
      }
    }
    for (const name of ['', 'a b', 'a:', 'a:b', '(a)', 'a\t'])
      await expect(call({ [name]: 'a' })).rejects.toThrow(TypeError);
    expect(received).toEqual([]);
  });

  it('SR-29: do not say where the message ends, whom it is for, what joins it to a request, or whose cookies it has', async () => {
    for (const name of [
      'host',
      'Host',
      'content-length',
      'Transfer-Encoding',
      'connection',
      'keep-alive',
      'upgrade',
      'te',
      'trailer',
      'expect',
      'via',
      'proxy-authorization',
      'proxy-connection',
      'accept-encoding',
      'cookie',
      'x-request-id',
      'traceparent',
      'tracestate',
      'baggage',
    ]) {
      await expect(call({ [name]: 'a' })).rejects.toThrow(TypeError);
    }
    expect(received).toEqual([]);
  });
});

describe('the headers of an answer', () => {
  it('SR-29: leave out cookies, which no later call sends, and join what comes twice', async () => {
    const { headers } = await call({});
    expect(headers.get('x-twice')).toBe('a, b');
    expect([...headers].join()).not.toContain(CANARY);
    await call({});
    expect(received[0]).not.toHaveProperty('cookie');
  });
});
