import { requestContext } from '@redoubt/logging';
import { createCanary, formsOf } from '@redoubt/testing';
import { afterEach, describe, expect, it } from 'vitest';

import { createTracing } from '../src/index.ts';
import { MAX_BATCH_SPANS, MAX_WAITING_SPANS } from '../src/span-queue.ts';
import { openTraced, type Traced } from './support/traced.ts';

const sampled = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const unsampled = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

const opened: Traced[] = [];
afterEach(async () => {
  for (const { receiver } of opened.splice(0)) await receiver.close();
});

async function open(...options: Parameters<typeof openTraced>): Promise<Traced> {
  const traced = await openTraced(...options);
  opened.push(traced);
  return traced;
}

/** Ends this many spans at once. */
function endSpans({ tracing }: Traced, count: number): void {
  for (let index = 0; index < count; index += 1) tracing.startRequest('GET').end({ route: '/a', status: 200 });
}

describe('the span of a request', () => {
  it('SR-43: says method, route and status, and nothing else of the request', async () => {
    const { tracing, receiver } = await open();
    tracing.startRequest('GET').end({ route: '/things/:id', status: 200 });
    await tracing.close();
    expect(receiver.spans()).toMatchObject([
      {
        name: 'GET /things/:id',
        kind: 2,
        attributes: [
          { key: 'http.request.method', value: { stringValue: 'GET' } },
          { key: 'http.route', value: { stringValue: '/things/:id' } },
          { key: 'http.response.status_code', value: { intValue: 200 } },
        ],
        events: [],
      },
    ]);
    expect(receiver.text()).toContain('{"key":"service.name","value":{"stringValue":"test"}}');
  });

  it('has no route where none matched, and is an error from status 500 on', async () => {
    const { tracing, receiver } = await open();
    tracing.startRequest('GET').end({ status: 404 });
    tracing.startRequest('POST').end({ route: '/things', status: 500 });
    await tracing.close();
    expect(receiver.spans().map(({ name, status }) => [name, status])).toEqual([
      ['GET', { code: 0 }],
      ['POST /things', { code: 2 }],
    ]);
  });

  it('SR-47: tells its ids as calls and log lines carry them, new for each trace', async () => {
    const { tracing, receiver } = await open();
    const spans = Array.from({ length: 1000 }, () => tracing.startRequest('GET'));
    for (const span of spans) {
      expect(span.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(span.traceparent).toBe(`00-${span.traceId}-${span.spanId}-01`);
      span.end({ status: 200 });
    }
    expect(new Set(spans.flatMap(({ traceId, spanId }) => [traceId, spanId])).size).toBe(2000);
    await tracing.close();
    expect(receiver.spans().map(({ spanId }) => spanId)).toEqual(spans.map(({ spanId }) => spanId));
  });

  it('SR-47: joins the trace of a hop, and follows what it decided about recording', async () => {
    for (const [parent, sampleRatio, delivered] of [
      [sampled, 0, 1],
      [unsampled, 1, 0],
    ] as const) {
      const { tracing, receiver } = await open({ sampleRatio });
      const span = tracing.startRequest('GET', parent);
      expect(span.traceparent).toBe(`${parent.slice(0, 36)}${span.spanId}${parent.slice(-3)}`);
      expect(span.spanId).not.toBe('b7ad6b7169203331');
      span.end({ status: 200 });
      await tracing.close();
      expect(receiver.spans()).toHaveLength(delivered);
      for (const { traceId, parentSpanId } of receiver.spans())
        expect([traceId, parentSpanId]).toEqual(['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331']);
    }
  });

  it('SR-47: that is not recorded still has ids, and says that it is not', async () => {
    const { tracing, receiver } = await open({ sampleRatio: 0 });
    const span = tracing.startRequest('GET');
    expect(span.traceparent).toMatch(/-00$/);
    span.setAttribute('a', 'b');
    span.recordError(new Error('x'));
    span.end({ status: 500 });
    await tracing.close();
    expect(receiver.deliveries()).toEqual([]);
  });
});

describe('what leaves with a span', () => {
  it('SR-43: passes redaction, whatever holds the secret', async () => {
    const { tracing, receiver } = await open();
    const canary = createCanary();
    const span = tracing.startRequest('GET');
    span.setAttribute('note', `the key is ${canary}`);
    span.setAttribute('user.password', canary.slice(0, 12));
    span.setAttribute(`header ${canary}`, 'x');
    span.setAttribute('http.request.header.cookie', `sid=${canary}`);
    span.setAttribute('url.query', `?token=${canary.slice(0, 12)}&a=1`);
    span.setAttribute('long', `${'a '.repeat(4090)}${canary}`);
    span.recordError(
      Object.assign(new Error(`refused for Bearer ${canary}`, { cause: new Error(canary) }), {
        detail: `Failing row contains (${canary})`,
        stack: `Error: ${canary}\n    at ${canary} (file.ts:1:1)`,
      }),
    );
    span.end({ route: `/things/${canary}`, status: 500 });
    await tracing.close();
    expect(receiver.spans()).toHaveLength(1);
    for (const form of [...formsOf(canary), canary.slice(0, 12)]) expect(receiver.text()).not.toContain(form);
    expect(receiver.text()).toContain('[redacted]');
  });

  it('keeps what a handler has to tell', async () => {
    const { tracing, receiver } = await open();
    const span = tracing.startRequest('GET');
    span.setAttribute('report.rows', 3);
    span.setAttribute('report.kind', 'monthly');
    span.recordError(new RangeError('no such month'));
    span.end({ status: 500 });
    await tracing.close();
    const [told] = receiver.spans();
    expect(told?.attributes).toEqual(
      expect.arrayContaining([
        { key: 'report.rows', value: { intValue: 3 } },
        { key: 'report.kind', value: { stringValue: 'monthly' } },
        { key: 'error.type', value: { stringValue: 'RangeError' } },
      ]),
    );
    expect(told?.events).toMatchObject([
      {
        name: 'exception',
        attributes: [
          { key: 'exception.type', value: { stringValue: 'RangeError' } },
          { key: 'exception.message', value: { stringValue: 'no such month' } },
          { key: 'exception.stacktrace' },
        ],
      },
    ]);
  });

  it('goes to the path of OTLP, without the ids of a request', async () => {
    const { tracing, receiver } = await open();
    const context = { requestId: 'request-1', traceparent: sampled };
    requestContext.run(context, () => tracing.startRequest('GET').end({ status: 200 }));
    await requestContext.run(context, () => tracing.close());
    const [delivery] = receiver.deliveries();
    expect(delivery).toMatchObject({ path: '/v1/traces', headers: { 'content-type': 'application/json' } });
    expect(delivery?.headers).not.toHaveProperty('traceparent');
    expect(delivery?.headers).not.toHaveProperty('x-request-id');
  });
});

describe('a collector', () => {
  it('that is away costs the spans, which are counted, and one line of the log', async () => {
    const traced = await open();
    await traced.receiver.close();
    endSpans(traced, MAX_BATCH_SPANS * 2);
    await traced.tracing.close();
    expect(traced.losses).toEqual(Array(MAX_BATCH_SPANS * 2).fill('unreachable'));
    expect(traced.log.lines()).toMatchObject([{ level: 'warn', code: 'connection', reason: 'ECONNREFUSED' }]);
  });

  it('SR-40: that hangs fills the queue and no more, and holds the end of the process for a bounded time', async () => {
    const traced = await open({}, { answer: 'hang' });
    const delivery = traced.receiver.nextDelivery();
    endSpans(traced, MAX_BATCH_SPANS);
    await delivery;
    endSpans(traced, MAX_WAITING_SPANS + 10);
    expect(traced.losses).toEqual(Array(10).fill('queue-full'));
    await traced.tracing.close();
    expect(traced.losses).toHaveLength(MAX_BATCH_SPANS + MAX_WAITING_SPANS + 10);
    endSpans(traced, 1);
    expect(traced.losses.at(-1)).toBe('closed');
  });

  it('that refuses, or takes a part, is believed; nothing of its answer is logged', async () => {
    const traced = await open({}, { answer: { status: 400, body: '{"message":"c4n4ry"}' } });
    endSpans(traced, MAX_BATCH_SPANS);
    await expect.poll(() => traced.losses).toEqual(Array(MAX_BATCH_SPANS).fill('refused'));
    traced.receiver.answerWith({
      status: 200,
      body: '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"c4n4ry"}}',
    });
    endSpans(traced, 3);
    await traced.tracing.close();
    expect(traced.losses).toHaveLength(MAX_BATCH_SPANS + 2);
    expect(traced.log.lines()).toMatchObject([
      { level: 'warn', status: 400 },
      { level: 'info', msg: 'spans reach the collector again' },
    ]);
    expect(traced.log.text()).not.toContain('c4n4ry');
  });

  it('SR-29: that answers nonsense, too much or a redirect does no harm', async () => {
    for (const answer of [
      { status: 200, body: '<html>' },
      { status: 200, body: 'null' },
      { status: 200, body: '{"partialSuccess":{"rejectedSpans":"-1"}}' },
      { status: 200, body: '{"partialSuccess":{"rejectedSpans":{"toString":1}}}' },
      { status: 200, body: 'x'.repeat(100_000) },
      { status: 307, body: '' },
    ]) {
      const traced = await open({}, { answer });
      endSpans(traced, 1);
      await traced.tracing.close();
      expect(traced.receiver.deliveries()).toHaveLength(1);
      expect(traced.losses.length).toBeLessThanOrEqual(1);
    }
  });

  it('SR-47: whose outage is logged while a request runs is not logged as part of that request', async () => {
    const traced = await open();
    await traced.receiver.close();
    requestContext.run({ requestId: 'request-1' }, () => endSpans(traced, MAX_BATCH_SPANS));
    await expect.poll(() => traced.log.lines()).toHaveLength(1);
    expect(traced.log.lines()[0]).not.toHaveProperty('requestId');
    await traced.tracing.close();
  });

  it('SR-29: is refused over plain http beyond this machine, and at a forbidden address', () => {
    const options = { service: 'test', sampleRatio: 1, logger: { info: () => undefined, warn: () => undefined } };
    const create = (endpoint: string) => () => createTracing({ ...options, endpoint, onLost: () => undefined });
    for (const host of ['collector.internal', '10.0.0.1', '127.evil.example', 'localhost.example'])
      expect(create(`http://${host}:4318`)).toThrow(TypeError);
    expect(create('https://169.254.169.254')).toThrow(TypeError);
    expect(create('not a url')).toThrow(TypeError);
    expect(() =>
      createTracing({ ...options, endpoint: 'https://collector.internal', sampleRatio: 1.1, onLost: () => undefined }),
    ).toThrow(RangeError);
  });
});
