import { createPeerIdentifier } from '@redoubt/auth';
import { createTestAuthority, loopbackServer } from '@redoubt/testing';
import { Type } from '@sinclair/typebox';
import { afterEach, describe, expect, it } from 'vitest';

import { createMetrics, limits, notNeeded, type ServerOptions, type TransportLimits } from '../src/index.ts';
import { connectRaw, listen, type RawClient } from './support/raw-client.ts';
import { createTestServer, type TestServer } from './support/test-server.ts';

const Text = Type.String({ maxLength: 100_000_000 });
const Body = Type.Object({ name: Type.String({ maxLength: 100 }) }, { additionalProperties: false });
/** More than the kernels of both ends keep for a client that does not read. */
const LONG_ANSWER_LENGTH = 50_000_000;

/** As slow as a test may be; production's are looked at below. */
const quick: Partial<TransportLimits> = {
  headersTimeoutMs: 100,
  requestTimeoutMs: 200,
  keepAliveTimeoutMs: 50,
  socketTimeoutMs: 300,
  checkIntervalMs: 20,
};

const closed: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closed.splice(0)) await close();
});

async function start(transport: Partial<TransportLimits>, options: Partial<ServerOptions> = {}) {
  const server = await createTestServer({ transport, ...options });
  const { app } = server;
  for (const [url, text] of [
    ['/public', 'here'],
    ['/long', 'a'.repeat(LONG_ANSWER_LENGTH)],
  ] as const)
    app.get(
      url,
      { access: 'public', produces: 'text/plain', schema: { response: { 200: Text } } },
      (_request, reply) => {
        reply.type('text/plain');
        return text;
      },
    );
  app.post(
    '/things',
    { access: 'public', idempotency: notNeeded('a test'), schema: { body: Body, response: { 200: Body } } },
    ({ body }) => body,
  );
  closed.push(() => app.close());
  return { ...server, port: await listen(app) };
}

const GET = 'GET /public HTTP/1.1\r\nHost: a\r\n\r\n';
const POST = 'POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n';

/** The request lines of the answers that a client has got. */
const statuses = (client: RawClient): string[] => client.received().match(/HTTP\/1\.1 \d{3}/g) ?? [];

/** Somebody else asks and is answered: the slow ones are in nobody's way. */
async function askBeside(port: number): Promise<void> {
  const bystander = await connectRaw(port, GET);
  await expect.poll(() => statuses(bystander)).toEqual(['HTTP/1.1 200']);
  bystander.socket.destroy();
}

/** Whether the connection is done with a request of the route, answered or not. */
const hasLine = ({ log }: TestServer, route: string): boolean => log.lines().some((line) => line['route'] === route);

describe('a client that is slow', () => {
  it('SR-39: with its headers gets 408, however steadily they trickle', async () => {
    const { port } = await start(quick);
    const client = await connectRaw(port, 'GET /public HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    client.trickle('a'.repeat(1000), 10);
    await askBeside(port);
    await client.closed;
    expect(statuses(client)).toEqual(['HTTP/1.1 408']);
    expect(client.received()).toContain('"type":"urn:problem-type:request-timeout"');
  });

  it('SR-39: with its body gets 408, however steadily it trickles', async () => {
    const { port } = await start(quick);
    const client = await connectRaw(port, POST);
    client.trickle(' '.repeat(60), 10);
    await askBeside(port);
    await client.closed;
    expect(statuses(client)).toEqual(['HTTP/1.1 408']);
  });

  it('SR-39: and announces chunks gets 408 as well', async () => {
    const { port } = await start(quick);
    const head = POST.replace('Content-Length: 60', 'Transfer-Encoding: chunked');
    const client = await connectRaw(port, `${head}5\r\n{"nam`);
    await client.closed;
    expect(statuses(client)).toEqual(['HTTP/1.1 408']);
  });

  it('SR-39: in reading its answer is cut', async () => {
    const server = await start(quick);
    const client = await connectRaw(server.port, 'GET /long HTTP/1.1\r\nHost: a\r\n\r\n');
    client.socket.pause();
    await expect.poll(() => hasLine(server, '/long')).toBe(true);
    expect(client.received().length).toBeLessThan(LONG_ANSWER_LENGTH);
    client.socket.destroy();
  });
});

describe('a client that is silent', () => {
  it('SR-39: from the start is cut', async () => {
    const { port } = await start(quick);
    const client = await connectRaw(port);
    await client.closed;
    expect(statuses(client)).toEqual(['HTTP/1.1 408']);
  });

  it('SR-39: after its answer is let go', async () => {
    const { port } = await start({ ...quick, socketTimeoutMs: 30_000 });
    const client = await connectRaw(port, GET);
    await client.closed;
    expect(statuses(client)).toEqual(['HTTP/1.1 200']);
  });

  it('SR-39: with half a connection, having closed its own side, gets its answer and is let go', async () => {
    const { port } = await start({ ...quick, socketTimeoutMs: 30_000 });
    const client = await connectRaw(port, GET);
    client.socket.end();
    await client.closed;
    expect(statuses(client)).toEqual(['HTTP/1.1 200']);
  });

  it('SR-39: 500 times is in nobody’s way, and is gone', async () => {
    const { app, port } = await start({ ...quick, headersTimeoutMs: 2000, requestTimeoutMs: 3000 });
    const clients: RawClient[] = [];
    for (let count = 0; count < 500; count += 1)
      clients.push(await connectRaw(port, count % 2 === 0 ? '' : 'GET /public HTTP/1.1\r\nHo'));
    await askBeside(port);
    await Promise.all(clients.map((client) => client.closed));
    for (const { socket } of clients) socket.destroy();
    const { promise: left, resolve } = Promise.withResolvers<number>();
    app.server.getConnections((_error, count) => resolve(count));
    expect(await left).toBeLessThan(500);
  });
});

describe('connections', () => {
  it('SR-39: beyond the bound are closed, counted, and cost those before them nothing', async () => {
    const metrics = createMetrics();
    const { port } = await start({ maxConnections: 2 }, { metrics });
    const first = await connectRaw(port);
    const second = await connectRaw(port);
    const third = await connectRaw(port);
    await third.closed;
    for (const client of [first, second]) client.socket.write(GET);
    for (const client of [first, second]) await expect.poll(() => statuses(client)).toEqual(['HTTP/1.1 200']);
    for (const { socket } of [first, second, third]) socket.destroy();
    expect(await metrics.registry.getSingleMetricAsString('requests_shed_total')).toContain('{reason="connections"} 1');
  });

  it('SR-28, SR-39: end after so many requests, with a word in the last answer', async () => {
    const { port } = await start({ maxRequestsPerConnection: 2 });
    const client = await connectRaw(port, GET.repeat(3));
    await client.closed;
    // Not even a bare refusal: what comes after the last answer is not read.
    expect(statuses(client)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
    expect(client.received().match(/^connection: close/gim)).toHaveLength(1);
  });
});

describe('a TLS listener', () => {
  it('SR-39: gives a peer as long for its handshake as for its headers', async () => {
    const { port } = await start({ tlsHandshakeTimeoutMs: 50 }, createTlsOptions());
    const client = await connectRaw(port);
    await client.closed;
    expect(client.received()).toBe('');
  });
});

function createTlsOptions(): Pick<ServerOptions, 'tls' | 'peers'> {
  const authority = createTestAuthority(Date.now());
  const { certificate, key } = authority.issue(loopbackServer);
  return {
    tls: { certificate, key: { expose: () => key }, clientAuthority: authority.certificate },
    peers: createPeerIdentifier({ services: ['spiffe://example.internal/a'] }),
  };
}

describe('the numbers of production', () => {
  for (const [listener, options] of [
    ['a plain listener', {}],
    ['a TLS listener', createTlsOptions()],
  ] as const) {
    it(`SR-39: are set on ${listener}`, async () => {
      const { app } = await createTestServer(options);
      expect(app.server).toMatchObject({
        headersTimeout: 10_000,
        requestTimeout: 15_000,
        keepAliveTimeout: 65_000,
        timeout: 20_000,
        connectionsCheckingInterval: 1000,
        maxConnections: 4096,
      });
      await app.close();
    });
  }

  it('SR-28, SR-39: end a connection after 1,000 requests, and a handshake after 10 s', () => {
    expect(limits).toMatchObject({ MAX_REQUESTS_PER_CONNECTION: 1000, TLS_HANDSHAKE_TIMEOUT_MS: 10_000 });
  });
});
