import { requestContext } from '@redoubt/logging';
import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';

import { createTestServer } from '../support/test-server.ts';
import { createThingsServer } from '../support/things-server.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const sent = 'edge-made-0123456789';

describe('the correlation id', () => {
  it('SR-47: is new for each request, whatever a client sends', async () => {
    const { app } = await createThingsServer();
    const first = await app.inject({ url: '/public', headers: { 'x-request-id': sent } });
    const second = await app.inject({ url: '/public' });
    expect(first.headers['x-request-id']).toMatch(UUID_V7);
    expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id']);
  });

  it('SR-47: is the one that a trusted hop made', async () => {
    const { app } = await createThingsServer({ trustedProxies: ['127.0.0.0/8'] });
    const response = await app.inject({ url: '/public', headers: { 'x-request-id': sent } });
    expect(response.headers['x-request-id']).toBe(sent);
  });

  for (const hostile of [
    'short',
    'a'.repeat(65),
    'with space here',
    'a\u00e9bcdefgh',
    '"><script>alert(1)</script>',
    '../../etc/passwd',
  ]) {
    it(`SR-44, SR-47: is new when even a trusted hop sends ${JSON.stringify(hostile.slice(0, 20))}`, async () => {
      const { app } = await createThingsServer({ trustedProxies: ['127.0.0.1'] });
      const response = await app.inject({ url: '/public', headers: { 'x-request-id': hostile } });
      expect(response.headers['x-request-id']).toMatch(UUID_V7);
    });
  }

  it('SR-47: stands on every line of its request, the error among them', async () => {
    const { app, log } = await createThingsServer();
    const response = await app.inject('/throws');
    const linesOfIt = () => log.lines().filter(({ requestId }) => requestId === response.headers['x-request-id']);
    await expect.poll(() => linesOfIt().map(({ msg }) => msg)).toEqual(['the request failed', 'request']);
  });

  it('SR-23: a client cannot choose its address with a forwarding header', async () => {
    const { app, log } = await createThingsServer();
    await app.inject({
      url: '/public',
      headers: { 'x-forwarded-for': '6.6.6.6', 'x-real-ip': '6.6.6.6', forwarded: 'for=6.6.6.6' },
    });
    await expect.poll(() => log.lines().at(-1)).toMatchObject({ clientAddress: '127.0.0.1' });
  });

  it('SR-23: a trusted hop names the client, and the client cannot name itself in front of it', async () => {
    const { app, log } = await createThingsServer({ trustedProxies: ['127.0.0.1/32'] });
    await app.inject({ url: '/public', headers: { 'x-forwarded-for': '6.6.6.6, 203.0.113.7' } });
    await expect.poll(() => log.lines().at(-1)).toMatchObject({ clientAddress: '203.0.113.7' });
  });
});

describe('the trace context', () => {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  /** The trace that a handler sees. */
  async function carried(traceparent: string | string[], trustedProxies: readonly string[]) {
    const { app } = await createTestServer({ trustedProxies });
    let seen: string | undefined;
    app.get('/', { access: 'public', schema: { response: { 204: Type.Null() } } }, (_request, reply) => {
      seen = requestContext.get()?.traceparent;
      reply.code(204).send(null);
    });
    await app.inject({ url: '/', headers: { traceparent } });
    return seen;
  }

  it('SR-47: is carried from a trusted hop, and from nobody else', async () => {
    await expect(carried(trace, ['127.0.0.1'])).resolves.toBe(trace);
    await expect(carried(trace, [])).resolves.toBeUndefined();
    await expect(carried(trace, ['10.0.0.0/8'])).resolves.toBeUndefined();
  });

  it('SR-44, SR-47: is not carried when it is malformed', async () => {
    for (const malformed of [
      '',
      trace.toUpperCase(),
      `${trace}-00`,
      trace.replace('00-', 'ff-'),
      trace.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)),
      trace.replace('b7ad6b7169203331', '0'.repeat(16)),
      [trace, trace],
      `${trace}, a`,
      '../../etc/passwd',
    ]) {
      await expect(carried(malformed, ['127.0.0.1'])).resolves.toBeUndefined();
    }
  });
});
