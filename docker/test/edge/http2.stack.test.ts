import { constants } from 'node:http2';

import { describe, expect, it } from 'vitest';

import { headerFaults } from './support/golden-headers.ts';
import { Http2Connection } from './support/http2-client.ts';
import { observe } from './support/observe.ts';
import { askRaw } from './support/raw-answer.ts';
import { edgeLines } from './support/stack-logs.ts';

const PATH = '/.well-known/jwks.json';
const CACHEABLE = { 'cache-control': 'public, max-age=600' };

/** Streams that are opened and reset at once. */
const RESETS = 3000;
const PINGS = 20_000;

async function askAsBystander(): Promise<number> {
  return (await askRaw({ path: PATH })).status;
}

describe('SR-21, SR-26, SR-31, SR-39: HTTP/2', () => {
  it('has the same headers, each once', async () => {
    using connection = await Http2Connection.open();
    const answer = await connection.ask({ ':path': PATH });
    expect(headerFaults(answer.headers, CACHEABLE)).toEqual([]);
    const refused = await connection.ask({ ':path': '/metrics' });
    expect([refused.status, headerFaults(refused.headers)]).toEqual([404, []]);
    const unknown = await connection.ask({ ':path': '/', ':method': 'PURGE' });
    expect([unknown.status, headerFaults(unknown.headers)]).toEqual([405, []]);
  });

  it('has a bounded number of streams', async () => {
    using connection = await Http2Connection.open();
    expect(connection.session.remoteSettings.maxConcurrentStreams).toBe(64);
    const answers = await Promise.all(Array.from({ length: 200 }, () => connection.ask({ ':path': PATH })));
    // More than 64 at once are refused by the protocol, or by the limit for an address; Node keeps the rest back.
    expect(answers.filter(({ status }) => status !== 200 && status !== 429)).toEqual([]);
    observe('http2-streams', '64 at most at once on a connection');
  });

  it('does not unfold a small block of headers into a large one', async () => {
    const since = new Date();
    using connection = await Http2Connection.open();
    const value = 'a'.repeat(4000);
    // Sent once, then named 250 times by a byte each: 1 MB for the reader.
    const bomb = await connection.ask({ ':path': PATH, 'x-a': Array.from({ length: 250 }, () => value) as never });
    const many = await connection.ask({
      ':path': PATH,
      ...Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}`, 'a'])),
    });
    expect([0, 431]).toContain(bomb.status);
    expect([0, 431]).toContain(many.status);
    const lines = (await edgeLines(since)).filter(({ upstreamStatus }) => upstreamStatus !== '');
    expect(lines).toEqual([]);
    expect(await askAsBystander()).toBe(200);
    observe(
      'http2-header-bomb',
      `1 MB out of 5 KB: ${bomb.status === 0 ? 'connection ended' : bomb.status}; not passed on`,
    );
  });

  it('does not tire of streams that are opened and reset', async () => {
    using connection = await Http2Connection.open();
    const bystanders: Promise<number>[] = [];
    for (let count = 0; count < RESETS && !connection.session.destroyed; count += 1) {
      const stream = connection.session.request({ ':path': '/api/users/me' });
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
      if (count % 500 === 0) bystanders.push(askAsBystander());
    }
    expect(new Set(await Promise.all([...bystanders, askAsBystander()]))).toEqual(new Set([200]));
    observe('http2-rapid-reset', `${RESETS} streams opened and reset: the bystander always 200`);
  });

  it('ends a connection that sends nothing but pings', async () => {
    using connection = await Http2Connection.open();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    connection.session.once('close', () => resolve());
    for (let count = 0; count < PINGS && !connection.session.destroyed; count += 1)
      connection.session.ping(() => undefined);
    await ended;
    expect(await askAsBystander()).toBe(200);
    observe('http2-ping-flood', `${PINGS} pings: the connection is ended`);
  });

  it('does not send on a body that is longer or shorter than it says', async () => {
    const since = new Date();
    for (const length of ['3', '300']) {
      using connection = await Http2Connection.open();
      const headers = { ':path': '/api/users', 'content-type': 'application/json', 'content-length': length };
      const answer = await connection.ask(headers, '{}\r\n\r\nGET /api/users/me HTTP/1.1\r\nHost: localhost\r\n\r\n');
      expect([length, answer.status]).toEqual([length, expect.toBeOneOf([0, 400])]);
    }
    const passed = (await edgeLines(since)).filter(({ upstreamStatus }) => upstreamStatus !== '');
    expect(passed).toEqual([]);
    observe('http2-content-length', 'a length that lies, either way: refused at the edge');
  });

  it('does not let a stream name another host', async () => {
    for (const authority of ['evil.example', 'localhost.evil.example', 'api']) {
      using connection = await Http2Connection.open();
      const { status } = await connection.ask({ ':path': PATH, ':authority': authority });
      expect([authority, status]).toEqual([authority, 0]);
    }
    observe('http2-foreign-host', 'no answer');
  });
});
