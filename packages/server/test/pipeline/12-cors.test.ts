import { Buffer } from 'node:buffer';

import { describe, expect, it } from 'vitest';

import { createThingsServer } from '../support/things-server.ts';

const ALLOWED = 'https://app.example';

/** What looks like the allowed origin and is not (SR-24). */
const hostileOrigins = [
  'https://app.example.evil.example',
  'https://evil-app.example',
  'https://sub.app.example',
  'http://app.example',
  'https://app.example:8443',
  'null',
  'https://APP.example',
  'https://аpp.example',
  'https://app.example.',
  'https://app.example/',
  'https://app.example@evil.example',
  'file://',
  '*',
];

const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };

function corsHeadersOf(headers: Record<string, unknown>): string[] {
  return Object.keys(headers).filter((name) => name.startsWith('access-control-'));
}

describe('cross-origin requests', () => {
  it('SR-24: an allowed origin may read the answer, with credentials', async () => {
    const { app } = await createThingsServer();
    const { headers } = await app.inject({ url: '/public', headers: { origin: ALLOWED } });
    expect(headers).toMatchObject({
      'access-control-allow-origin': ALLOWED,
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    });
  });

  it('SR-24: an allowed origin is told which methods and headers it may use, for 10 minutes', async () => {
    const { app } = await createThingsServer();
    const { headers, statusCode } = await app.inject({
      url: '/things',
      method: 'OPTIONS',
      headers: { origin: ALLOWED, ...preflight },
    });
    expect(statusCode).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': 'authorization, content-type, idempotency-key, x-requested-with',
      'access-control-max-age': '600',
      'x-content-type-options': 'nosniff',
    });
  });

  for (const origin of hostileOrigins) {
    it(`SR-24: ${origin} gets no CORS header, on an answer and on a preflight`, async () => {
      const { app } = await createThingsServer();
      const headers = { origin: Buffer.from(origin).toString('latin1') };
      const answer = await app.inject({ url: '/public', headers });
      expect(corsHeadersOf(answer.headers)).toEqual([]);
      const asked = await app.inject({ url: '/things', method: 'OPTIONS', headers: { ...headers, ...preflight } });
      expect(corsHeadersOf(asked.headers)).toEqual([]);
      expect(asked.statusCode).toBe(405);
    });
  }

  it('SR-24: with an empty list nobody is allowed', async () => {
    const { app } = await createThingsServer({ allowedOrigins: [] });
    expect(corsHeadersOf((await app.inject({ url: '/public', headers: { origin: ALLOWED } })).headers)).toEqual([]);
  });

  it('SR-24: every answer varies by origin, so that no cache mixes them', async () => {
    const { app } = await createThingsServer();
    expect((await app.inject('/public')).headers['vary']).toBe('Origin');
  });
});
