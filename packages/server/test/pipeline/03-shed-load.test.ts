import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { signedIn } from '@redoubt/auth';
import { sendRaw } from '@redoubt/testing';
import { Type } from '@sinclair/typebox';
import type { LightMyRequestResponse as InjectResponse } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';

import {
  createMetrics,
  decideHeaders,
  errorCodes,
  type IdempotencyOutcome,
  type IdempotencyStore,
  limits,
  notNeeded,
  type ServerOptions,
} from '../../src/index.ts';
import { connectRaw, listen } from '../support/raw-client.ts';
import { createTestServer, principals, type TestServer } from '../support/test-server.ts';

const Body = Type.Object({ name: Type.String({ maxLength: 100 }) }, { additionalProperties: false });
const response = { 200: Body };
const ada = { authorization: 'Bearer token-of-ada' };
const POST = 'POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n';

/** A server with a route that waits until the test lets it go on. */
interface HeldServer extends TestServer {
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly signals: AbortSignal[];
  readonly proven: string[];
  release(): void;
}

const started: HeldServer[] = [];
afterEach(async () => {
  for (const { app, release } of started.splice(0)) {
    release();
    await app.close();
  }
});

async function start(options: Partial<ServerOptions> = {}): Promise<HeldServer> {
  const { promise: held, resolve } = Promise.withResolvers<undefined>();
  const signals: AbortSignal[] = [];
  const proven: string[] = [];
  const metrics = createMetrics();
  const server = await createTestServer({
    metrics,
    authenticator: (token) => {
      proven.push(token);
      const caller = principals[token];
      if (caller === undefined) throw new Error('not a token');
      return caller;
    },
    ...options,
  });
  const { app } = server;
  app.get('/public', { access: 'public', schema: { response } }, () => ({ name: 'a' }));
  app.get('/own', { access: signedIn(), schema: { response } }, () => ({ name: 'a' }));
  app.get('/held', { access: 'public', schema: { response } }, async () => {
    await held;
    return { name: 'late' };
  });
  app.get('/listens', { access: 'public', schema: { response } }, async ({ signal }) => {
    signals.push(signal);
    await held;
    return { name: 'late' };
  });
  app.get('/begun', { access: 'public', schema: { response } }, async (_request, reply) => {
    reply.raw.writeHead(200, { 'content-length': '100' }).write('{');
    await held;
    return reply;
  });
  app.post(
    '/things',
    { access: 'public', idempotency: notNeeded('a test'), schema: { body: Body, response } },
    ({ body }) => body,
  );
  if (options.idempotencyStore !== undefined)
    app.post(
      '/once',
      {
        access: signedIn(),
        idempotency: 'required',
        // 503 is declared, so that nothing else keeps the answer of a request that was given up from being stored.
        schema: { body: Body, response: { ...response, 503: Body } },
      },
      async ({ body }) => {
        await held;
        return body;
      },
    );
  await app.ready();
  const heldServer = { ...server, metrics, signals, proven, release: () => resolve(undefined) };
  started.push(heldServer);
  return heldServer;
}

const measured = ({ metrics }: HeldServer): Promise<string> =>
  metrics.registry.getSingleMetricAsString('requests_shed_total');

function expectShed({ statusCode, headers, json }: InjectResponse): void {
  expect([statusCode, headers['retry-after'], headers['content-type']]).toEqual([503, '1', 'application/problem+json']);
  expect(json()).toMatchObject({ type: 'urn:problem-type:unavailable', status: 503 });
}

/** Keeps the loop busy for longer than a sample, and lets the sample be taken. */
async function lag(milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
  await pause(0);
}

describe('with as many requests in work as it can serve in time', () => {
  it('SR-40: a server answers 503 and when to come back, and serves again when one is done', async () => {
    const server = await start({ overload: { maxRequestsInFlight: 2 } });
    const busy = [server.app.inject('/held'), server.app.inject('/held')];
    await expect.poll(async () => (await server.app.inject('/public')).statusCode).toBe(503);
    expectShed(await server.app.inject('/public'));
    const requests = server.log.lines().filter(({ status }) => status === 503);
    expect(requests.at(-1)).toMatchObject({ route: '(none)', clientAddress: '127.0.0.1', msg: 'request' });
    server.release();
    for (const answer of busy) expect((await answer).statusCode).toBe(200);
    expect((await server.app.inject('/public')).statusCode).toBe(200);
    expect(await measured(server)).toMatch(/\{reason="in-flight"\} [2-9]/);
  });

  it('SR-32, SR-33, SR-37: what it refuses has the headers and the document of every other error', async () => {
    const server = await start({ overload: { maxRequestsInFlight: 0 } });
    const shed = await server.app.inject('/public');
    expect(shed.headers).toMatchObject({ ...(await decideHeaders()), 'content-length': String(shed.body.length) });
    expect(shed.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(shed.json()).toEqual({
      type: 'urn:problem-type:unavailable',
      title: errorCodes.unavailable.title,
      status: 503,
      requestId: shed.headers['x-request-id'],
    });
    const port = await listen(server.app);
    const head = await sendRaw(port, 'HEAD /public HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect([head.status, head.body]).toEqual([503, '']);
  });

  it('SR-40: it looks at no token and reads no body, and writes no error for each', async () => {
    const server = await start({ overload: { maxRequestsInFlight: 1 } });
    const busy = server.app.inject('/held');
    await expect.poll(async () => (await server.app.inject('/public')).statusCode).toBe(503);
    expectShed(await server.app.inject({ url: '/own', headers: ada }));
    expectShed(
      await server.app.inject({
        url: '/things',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        payload: '{',
      }),
    );
    expect(server.proven).toEqual([]);
    expect(new Set(server.log.lines().map(({ msg }) => msg))).toEqual(new Set(['request']));
    server.release();
    await busy;
  });

  it('SR-40: clients that are slow with their bodies take nobody’s place', async () => {
    const server = await start({ overload: { maxRequestsInFlight: 1 } });
    const port = await listen(server.app);
    const slow = await Promise.all(Array.from({ length: 10 }, () => connectRaw(port, `${POST}{"name"`)));
    await expect.poll(() => countConnections(server)).toBe(10);
    expect((await server.app.inject('/public')).statusCode).toBe(200);
    for (const { socket } of slow) socket.write(':"a"}');
    for (const client of slow) await expect.poll(() => client.received()).toContain('200 OK');
    for (const { socket } of slow) socket.destroy();
    expect((await server.app.inject('/public')).statusCode).toBe(200);
  });

  it('SR-40: a client that hangs up leaves its place', async () => {
    const server = await start({ overload: { maxRequestsInFlight: 1 } });
    const port = await listen(server.app);
    const { socket } = await connectRaw(port, 'GET /held HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(async () => (await server.app.inject('/public')).statusCode).toBe(503);
    socket.destroy();
    await expect.poll(async () => (await server.app.inject('/public')).statusCode).toBe(200);
  });

  it('SR-40: the numbers are those of production unless a test says otherwise', () => {
    expect(limits).toMatchObject({
      MAX_REQUESTS_IN_FLIGHT: 200,
      MAX_EVENT_LOOP_DELAY_MS: 500,
      HANDLER_TIMEOUT_MS: 10_000,
    });
  });
});

async function countConnections({ app }: TestServer): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  app.server.getConnections((_error, count) => resolve(count));
  return promise;
}

describe('with a loop that lags', () => {
  const overload = { maxEventLoopDelayMs: 50, sampleIntervalMs: 100 };

  it('SR-40: a server answers 503, and is back when the loop is', async () => {
    const server = await start({ overload });
    expect((await server.app.inject('/public')).statusCode).toBe(200);
    await expect
      .poll(async () => {
        await lag(250);
        return (await server.app.inject('/public')).statusCode;
      })
      .toBe(503);
    expect(await measured(server)).toContain('{reason="event-loop"}');
    await expect.poll(async () => (await server.app.inject('/public')).statusCode).toBe(200);
  });

  it('SR-40, SR-60: the listener for the inside of the network answers all the same', async () => {
    const inside = await start({ overload: 'never' });
    for (let count = 0; count < 2; count += 1) {
      await lag(1.2 * limits.EVENT_LOOP_SAMPLE_INTERVAL_MS);
      expect((await inside.app.inject('/public')).statusCode).toBe(200);
    }
  });
});

describe('a handler that hangs', () => {
  const handlerTimeoutMs = 50;

  it('SR-39: is given up: the client gets 503, the log the reason, and the rest goes on', async () => {
    const server = await start({ handlerTimeoutMs });
    const answer = await server.app.inject('/held');
    expectShed(answer);
    expect(server.log.lines()).toContainEqual(
      expect.objectContaining({
        requestId: answer.headers['x-request-id'],
        code: 'unavailable',
        msg: 'the request failed',
      }),
    );
    expect(server.log.text()).toContain('HandlerTimeoutError');
    expect(await measured(server)).toContain('{reason="handler-timeout"} 1');
    expect((await server.app.inject('/public')).statusCode).toBe(200);
  });

  it('SR-39: is told by its signal, with the reason', async () => {
    const server = await start({ handlerTimeoutMs });
    expectShed(await server.app.inject('/listens'));
    const [signal] = server.signals;
    expect(signal?.aborted).toBe(true);
    expect(signal?.reason).toMatchObject({ name: 'HandlerTimeoutError' });
  });

  it('SR-39: may still end: its late answer goes nowhere, and nothing breaks', async () => {
    const server = await start({ handlerTimeoutMs });
    const port = await listen(server.app);
    const client = await connectRaw(port, 'GET /held HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(() => client.received()).toContain('503 Service Unavailable');
    server.release();
    client.socket.write('GET /public HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect.poll(() => client.received()).toContain('200 OK');
    expect(client.received()).not.toContain('late');
    client.socket.destroy();
  });

  it('SR-39: is cut when its answer had begun: nobody takes half an answer for a whole one', async () => {
    const server = await start({ handlerTimeoutMs });
    const port = await listen(server.app);
    const client = await connectRaw(port, 'GET /begun HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.closed;
    expect(client.received()).toMatch(/\r\n\r\n\{$/);
  });

  it('SR-39, SR-41: in a transaction is answered, leaves nothing behind, and the same key may try again', async () => {
    const store = new RecordedAnswers();
    const server = await start({ handlerTimeoutMs, idempotencyStore: store });
    const once = () =>
      server.app.inject({
        url: '/once',
        method: 'POST',
        headers: { ...ada, 'idempotency-key': key },
        payload: { name: 'a' },
      });
    const key = randomUUID();
    expectShed(await once());
    server.release();
    await expect.poll(() => store.outcomes).toEqual(['rolled back']);
    const again = await once();
    expect([again.statusCode, again.json()]).toEqual([200, { name: 'a' }]);
    expect(store.outcomes).toEqual(['rolled back', 'committed']);
  });

  it('SR-39: is not held responsible for a client that takes its time with the body', async () => {
    const server = await start({ handlerTimeoutMs });
    const port = await listen(server.app);
    const client = await connectRaw(port, POST);
    client.trickle('{"name":"a"}', 4 * handlerTimeoutMs);
    await expect.poll(() => client.received(), { timeout: 10_000 }).toContain('200 OK');
    client.socket.destroy();
  });
});

/** Says what becomes of transactions. */
class RecordedAnswers implements IdempotencyStore {
  readonly outcomes: ('committed' | 'rolled back')[] = [];

  async run(...[, , execute]: Parameters<IdempotencyStore['run']>): Promise<IdempotencyOutcome> {
    try {
      const answer = await execute();
      this.outcomes.push('committed');
      return { kind: 'executed', answer };
    } catch (error) {
      this.outcomes.push('rolled back');
      throw error;
    }
  }
}
