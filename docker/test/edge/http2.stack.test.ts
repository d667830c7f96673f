import { randomUUID } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { execIn } from '../support/stack.ts';
import { headerFaults } from './support/golden-headers.ts';
import { Http2Connection } from './support/http2-client.ts';
import { floodWithResets } from './support/http2-frames.ts';
import { observe } from './support/observe.ts';
import { askRaw } from './support/raw-answer.ts';
import { edgeLineOf, edgeLines } from './support/stack-logs.ts';

const PATH = '/.well-known/jwks.json';
const CACHEABLE = { 'cache-control': 'public, max-age=600' };

/** Streams that each attacker opens and resets at once. */
const RESETS = 3000;
const ATTACKERS = 4;
/** Of the frames for one of them: two headers, a reason, and a few bytes of fields. */
const SMALLEST_PAIR_BYTES = 40;
/**
 * nginx takes 128 streams of each portion that it reads, twice http2_max_concurrent_streams, and refuses the others; with
 * the 101st that is refused the connection ends. A portion or two more, where the network cuts them smaller.
 */
const MOST_TAKEN = 4 * 128;
const MOST_REFUSED = 101;
const PINGS = 20_000;

async function askAsBystander(): Promise<number> {
  return (await askRaw({ path: PATH })).status;
}

/** Somebody at another address, for whom nobody else's streams count: from inside of the edge. */
async function askFromElsewhere(): Promise<string> {
  const place = ['--resolve', 'localhost:8443:127.0.0.1', `https://localhost:8443${PATH}`];
  const quiet = ['--silent', '--insecure', '--output', '/dev/null', '--write-out', '%{http_code}'];
  return (await execIn('edge', 'curl', ...quiet, ...place)).stdout;
}

/** How many requests for a path were taken, once no more come: the edge writes a line when a request is over. */
async function linesOf(path: string, since: Date): Promise<number> {
  const marker = await askRaw({ path: PATH });
  await edgeLineOf(marker, since);
  return (await edgeLines(since)).filter((line) => line.path === path).length;
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

  it('SR-39: ends a connection whose streams are opened and reset, before it has taken many', async () => {
    const since = new Date();
    const paths = Array.from({ length: ATTACKERS }, () => `/api/rapid-${randomUUID()}`);
    const floods = Promise.all(paths.map((path) => floodWithResets(path, RESETS)));
    const bystanders = [await askFromElsewhere(), await askFromElsewhere(), await askFromElsewhere()];
    const outcomes = await floods;
    for (const outcome of outcomes) {
      expect(outcome.end).not.toBe('neither');
      // Whose last words were read has read before them that streams were refused.
      expect(outcome.refused).toBeGreaterThan(outcome.end === 'said' ? 0 : -1);
      expect(outcome.refused).toBeLessThanOrEqual(MOST_REFUSED);
      expect(outcome.sentBytes).toBeGreaterThan(RESETS * SMALLEST_PAIR_BYTES);
    }
    // By its own log: each attack has arrived, and of each the edge had enough.
    for (const path of paths) {
      const taken = await linesOf(path, since);
      expect(taken).toBeGreaterThan(0);
      expect(taken).toBeLessThan(MOST_TAKEN);
    }
    expect(new Set([...bystanders, await askFromElsewhere()])).toEqual(new Set(['200']));
    observe(
      'http2-rapid-reset',
      `${ATTACKERS} × ${RESETS} streams opened and reset: fewer than ${MOST_TAKEN} taken of each, then the end of the connection; the bystander always 200`,
    );
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
