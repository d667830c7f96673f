import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadSettings } from '@redoubt/config';
import { createLogger } from '@redoubt/logging';
import { createOutboundClient } from '@redoubt/outbound';
import { createMetrics, notNeeded } from '@redoubt/server';
import type { ServiceTracing } from '@redoubt/service';
import { openTracing } from '@redoubt/service/testing';
import {
  createCanary,
  createLogCapture,
  createOtlpReceiver,
  findFreePort,
  formsOf,
  type OtlpReceiver,
  startChild,
  waitUntilReady,
} from '@redoubt/testing';
import { Type } from '@sinclair/typebox';
import { afterEach, describe, expect, it } from 'vitest';

import type { AppOptions } from '../src/app-dependencies.ts';
import { serviceSettings } from '../src/settings.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

const hop = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const closed = { additionalProperties: false };

interface Traced extends TestApp {
  readonly receiver: OtlpReceiver;
  readonly tracing: ServiceTracing;
  /** What a scrape says of spans. */
  scrape(): Promise<string>;
}

const opened: Traced[] = [];
afterEach(async () => {
  for (const { receiver, close } of opened.splice(0)) {
    await close();
    await receiver.close();
  }
});

/** The service with a collector of its own, to which its settings lead. */
async function open(environment: Record<string, string> = {}, options: Partial<AppOptions> = {}): Promise<Traced> {
  const receiver = await createOtlpReceiver();
  const settings = loadSettings(serviceSettings, {
    NODE_ENV: 'development',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.origin,
    OTEL_TRACES_SAMPLE_RATIO: '1',
    ...environment,
  });
  const metrics = createMetrics();
  const log = createLogCapture();
  const logger = createLogger({ service: 'test', level: 'debug', destination: log.destination });
  const { tracing } = await openTracing('test', settings, { logger, metrics });
  if (tracing === undefined) throw new Error('the settings name a collector');
  const app = await createTestApp({ tracing, metrics, logger }, options);
  const traced = { ...app, log, receiver, tracing, scrape: () => metrics.registry.metrics() };
  opened.push(traced);
  return traced;
}

describe('traces', () => {
  it('SR-47: join log lines, calls that leave and spans by one id', async () => {
    const { app, log, tracing, receiver } = await open();
    const peer = await createOtlpReceiver();
    const client = createOutboundClient({
      hosts: [
        { host: '127.0.0.1', port: Number(new URL(peer.origin).port), reach: 'loopback', correlation: 'passed-on' },
      ],
    });
    app.get('/api/calls', { access: 'public', schema: { response: { 204: Type.Null() } } }, async (request, reply) => {
      request.log.info('calls');
      await client.request({ method: 'GET', url: peer.origin });
      return reply.code(204).send(null);
    });
    await app.inject('/api/calls');
    await tracing.close();
    const [span] = receiver.spans();
    const ids = { traceId: span?.traceId, spanId: span?.spanId };
    expect(span).toMatchObject({ name: 'GET /api/calls' });
    await expect.poll(() => log.lines().map(({ msg }) => msg)).toEqual(['calls', 'request']);
    for (const line of log.lines()) expect(line).toMatchObject(ids);
    expect(peer.deliveries()[0]?.headers['traceparent']).toBe(`00-${span?.traceId}-${span?.spanId}-01`);
    await client.close();
    await peer.close();
  });

  it('SR-47: are recorded as a trusted hop decided; a stranger decides nothing', async () => {
    for (const [trustedProxies, ratio, delivered] of [
      [['127.0.0.1'], '0', 1],
      [[], '0', 0],
    ] as const) {
      const { app, tracing, receiver } = await open({ OTEL_TRACES_SAMPLE_RATIO: ratio }, { trustedProxies });
      await app.inject({ url: '/.well-known/jwks.json', headers: { traceparent: hop } });
      await tracing.close();
      expect(receiver.spans()).toHaveLength(delivered);
      for (const { traceId } of receiver.spans()) expect(traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    }
    const { app, tracing, receiver } = await open();
    await app.inject({ url: '/.well-known/jwks.json', headers: { traceparent: hop } });
    await tracing.close();
    expect(receiver.spans()[0]?.traceId).not.toBe('0af7651916cd43dd8448eb211c80319c');
    expect(receiver.spans()[0]).not.toHaveProperty('parentSpanId');
  });

  it('SR-43: bring nothing of a canary in twelve places to the collector', async () => {
    const { app, tracing, receiver } = await open();
    const canary = createCanary();
    const text = Type.String({ maxLength: 200 });
    const body = Type.Object(
      { text, nested: Type.Object({ text }, closed), list: Type.Array(text, { maxItems: 3 }) },
      closed,
    );
    const errors: Record<string, () => Error> = {
      message: () => new Error(`no ${canary}`),
      stack: () => Object.assign(new Error('x'), { stack: `Error: x\n    at ${canary} (file:///${canary}.ts:1:1)` }),
      database: () => Object.assign(new Error('duplicate key'), { code: '23505', detail: `Key (email)=(${canary})` }),
      upstream: () => Object.assign(new Error('502'), { response: { body: canary, headers: { 'x-a': canary } } }),
      cause: () => new Error('x', { cause: new Error(canary) }),
    };
    app.post(
      '/api/fails/:kind/:text',
      {
        access: 'public',
        idempotency: notNeeded('a test'),
        schema: {
          body,
          params: Type.Object({ kind: text, text }, closed),
          querystring: Type.Object({ text }, closed),
          response: { 204: Type.Null() },
        },
      },
      (request) => {
        request.span?.setAttribute('told', `by the handler: ${request.body.text}`);
        throw (errors[request.params.kind] ?? (() => new Error('x')))();
      },
    );
    for (const kind of Object.keys(errors)) {
      const response = await app.inject({
        method: 'POST',
        url: `/api/fails/${kind}/${canary}?text=${canary}`,
        headers: { 'x-canary': canary, cookie: `a=${canary}`, authorization: `Bearer ${canary}` },
        payload: { text: canary, nested: { text: canary }, list: [canary] },
      });
      expect(response.statusCode).toBe(500);
    }
    await tracing.close();
    expect(receiver.spans().map(({ name, events }) => [name, events.length])).toEqual(
      Object.keys(errors).map(() => ['POST /api/fails/:kind/:text', 1]),
    );
    for (const form of formsOf(canary)) expect(receiver.text()).not.toContain(form);
    expect(receiver.text()).toContain('by the handler: [redacted]');
  });

  it('SR-40: cost no request an answer while the collector is away or hangs, and the loss is counted', async () => {
    for (const fault of ['away', 'hangs'] as const) {
      const { app, tracing, receiver, scrape } = await open();
      if (fault === 'away') await receiver.close();
      else receiver.answerWith('hang');
      for (let sent = 0; sent < 300; sent += 1)
        expect((await app.inject('/.well-known/jwks.json')).statusCode).toBe(200);
      await tracing.close();
      expect(await scrape()).toContain('trace_spans_lost_total{reason="unreachable"} 300');
    }
  });

  it('are no part of a service whose settings name no collector', async () => {
    const settings = loadSettings(serviceSettings, { NODE_ENV: 'development' });
    const metrics = createMetrics();
    const logger = createLogger({ service: 'test', level: 'debug', destination: createLogCapture().destination });
    expect(await openTracing('test', settings, { logger, metrics })).toEqual({});
    expect(await metrics.registry.metrics()).not.toContain('trace_spans');
  });

  it("SR-28: go nowhere over plain http, on a developer's machine as well", () => {
    for (const endpoint of ['http://collector.internal:4318', 'http://10.0.0.1:4318', 'http://127.0.0.1.example'])
      expect(() =>
        loadSettings(serviceSettings, { NODE_ENV: 'development', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }),
      ).toThrow('OTEL_EXPORTER_OTLP_ENDPOINT');
  });
});

const fixture = join(import.meta.dirname, 'fixtures', 'loaded-packages.ts');
const source = join(import.meta.dirname, '..', 'src');

/** The API alone, which does nothing and which prom-client reads for its exemplars; no SDK, and not our own part. */
const NOTHING_OF_TRACES = /\nloaded \["@opentelemetry\/api"\]\n/;

/** Starts the service for a developer, ends it, and gives what the fixture printed. */
async function runUntilReady(environment: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'traces-'));
  const [port, managementPort] = [await findFreePort(), await findFreePort()];
  const child = startChild(
    fixture,
    { PORT: String(port), MANAGEMENT_PORT: String(managementPort), LOCAL_DIRECTORY: directory, ...environment },
    [join(source, 'dev.ts')],
  );
  try {
    await waitUntilReady(child, `http://127.0.0.1:${managementPort}/health/ready`);
    expect((await fetch(`http://127.0.0.1:${port}/.well-known/jwks.json`)).status).toBe(200);
  } finally {
    await child.stop();
    await rm(directory, { recursive: true });
  }
  return child.output();
}

describe('a start', () => {
  it('SR-38: with a collector loads OpenTelemetry, and delivers at its end what waits', async () => {
    const receiver = await createOtlpReceiver();
    const output = await runUntilReady({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.origin,
      OTEL_TRACES_SAMPLE_RATIO: '1',
    });
    await receiver.close();
    expect(output).toContain('@opentelemetry/sdk-trace');
    expect(receiver.spans().map(({ name }) => name)).toEqual(['GET /.well-known/jwks.json']);
  });

  it('without a collector loads nothing of it', async () => {
    expect(await runUntilReady({})).toMatch(NOTHING_OF_TRACES);
  });

  it('in production has nothing of it among what its entry imports', async () => {
    const child = startChild(fixture, {}, [join(source, 'main.ts')]);
    expect(await child.exited).toBe(78);
    expect(child.output()).toMatch(NOTHING_OF_TRACES);
  });
});
