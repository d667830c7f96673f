import { requestContext } from '@redoubt/logging';
import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';

import type { RequestSpan, RequestTracer } from '../../src/index.ts';
import { createTestServer } from '../support/test-server.ts';
import { createThingsServer } from '../support/things-server.ts';

const hop = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const own = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

/** What a tracer was told, in order. */
type Told = readonly [event: string, ...facts: unknown[]];

function createRecorder(): { readonly tracer: RequestTracer; readonly told: Told[] } {
  const told: Told[] = [];
  const span: RequestSpan = {
    ...own,
    traceparent: `00-${own.traceId}-${own.spanId}-01`,
    setAttribute: (name, value) => told.push(['attribute', name, value]),
    recordError: (error) => told.push(['error', error]),
    end: (outcome) => told.push(['end', outcome]),
  };
  const tracer: RequestTracer = {
    startRequest(method, parent) {
      told.push(['start', method, parent]);
      return span;
    },
  };
  return { tracer, told };
}

describe('the span of a request', () => {
  it('SR-43: is told method, route pattern and status, and nothing that the client wrote', async () => {
    const { tracer, told } = createRecorder();
    const { app } = await createThingsServer({ tracer });
    await app.inject({ url: '/query?limit=5&name=c4n4ry', headers: { cookie: 'c4n4ry', 'x-c4n4ry': 'c4n4ry' } });
    await app.inject({
      url: '/owned/018f0000-0000-7000-8000-00000000000c',
      headers: { authorization: 'Bearer c4n4ry' },
    });
    await app.inject({ url: '/c4n4ry' });
    await expect
      .poll(() => told)
      .toEqual([
        ['start', 'GET', undefined],
        ['end', { route: '/query', status: 200 }],
        ['start', 'GET', undefined],
        ['end', { route: '/owned/:id', status: 401 }],
        ['start', 'GET', undefined],
        ['end', { route: undefined, status: 404 }],
      ]);
  });

  it('has the status that was answered, when the last step turns it into an error', async () => {
    const { tracer, told } = createRecorder();
    const { app } = await createThingsServer({ tracer });
    const { statusCode } = await app.inject('/undeclared');
    expect(statusCode).toBe(500);
    await expect.poll(() => told.at(-1)).toEqual(['end', { route: '/undeclared', status: 500 }]);
  });

  it('ends for a request that the firewall refuses, and for one whose client is gone', async () => {
    const { tracer, told } = createRecorder();
    const { app } = await createThingsServer({ tracer });
    await app.inject({ url: '/public', headers: { host: 'evil.example' } });
    await expect.poll(() => told.at(-1)).toEqual(['end', { route: undefined, status: 400 }]);
    const origin = await app.listen({ host: '127.0.0.1', port: 0 });
    const abort = new AbortController();
    const gone = fetch(`${origin}/slow`, { signal: abort.signal });
    await expect.poll(() => told.at(-1)?.[0]).toBe('start');
    abort.abort();
    await expect(gone).rejects.toThrow('aborted');
    await expect.poll(() => told.at(-1)).toEqual(['end', { route: '/slow', status: 499 }]);
    await app.close();
  });

  it('learns what a request failed with, and nothing of what a client did wrong', async () => {
    const { tracer, told } = createRecorder();
    const { app } = await createThingsServer({ tracer });
    await app.inject('/throws');
    await app.inject('/conflict');
    const errors = () => told.filter(([event]) => event === 'error');
    await expect.poll(() => told.filter(([event]) => event === 'end')).toHaveLength(2);
    expect(errors()).toEqual([['error', expect.objectContaining({ message: 'c4n4ry at /srv/app.ts:12' })]]);
  });

  it('takes what a handler has to tell', async () => {
    const { tracer, told } = createRecorder();
    const { app } = await createTestServer({ tracer });
    app.get('/', { access: 'public', schema: { response: { 204: Type.Null() } } }, (request, reply) => {
      request.span?.setAttribute('report.rows', 3);
      reply.code(204).send(null);
    });
    await app.inject('/');
    expect(told[1]).toEqual(['attribute', 'report.rows', 3]);
  });

  it('SR-47: is a child of the trace of a trusted hop, and of nobody else', async () => {
    for (const [trustedProxies, parent] of [
      [['127.0.0.1'], hop],
      [['10.0.0.0/8'], undefined],
      [[], undefined],
    ] as const) {
      const { tracer, told } = createRecorder();
      const { app } = await createThingsServer({ tracer, trustedProxies });
      await app.inject({ url: '/public', headers: { traceparent: hop } });
      expect(told[0]).toEqual(['start', 'GET', parent]);
    }
  });
});

describe('the trace of a request', () => {
  it('SR-47: stands on every line of it, the last among them, and in its context', async () => {
    const { tracer } = createRecorder();
    const { app, log } = await createTestServer({ tracer });
    let seen: unknown;
    app.get('/', { access: 'public', schema: { response: { 204: Type.Null() } } }, (request, reply) => {
      request.log.info('from the handler');
      seen = requestContext.get();
      reply.code(204).send(null);
    });
    await app.inject('/');
    await expect.poll(() => log.lines().map(({ msg }) => msg)).toEqual(['from the handler', 'request']);
    for (const line of log.lines()) expect(line).toMatchObject(own);
    expect(seen).toMatchObject({ ...own, traceparent: `00-${own.traceId}-${own.spanId}-01` });
  });

  it('SR-47: is that of the trusted hop where the service makes no spans', async () => {
    const { app, log } = await createThingsServer({ trustedProxies: ['127.0.0.1'] });
    await app.inject({ url: '/throws', headers: { traceparent: hop } });
    await expect.poll(() => log.lines()).toHaveLength(2);
    for (const line of log.lines()) {
      expect(line).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c' });
      expect(line).not.toHaveProperty('spanId');
    }
  });

  it('SR-47: is none where nobody makes spans and no trusted hop sent one', async () => {
    const { app, log } = await createThingsServer();
    await app.inject({ url: '/throws', headers: { traceparent: hop } });
    await expect.poll(() => log.lines()).toHaveLength(2);
    for (const line of log.lines()) expect(line).not.toHaveProperty('traceId');
  });
});
