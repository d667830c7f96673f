import fastifyHelmet from '@fastify/helmet';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';

import { decideHeaders, helmetOptions } from '../../src/index.ts';

describe('decideHeaders', () => {
  it('SR-32: keeps what the plugin sends for each request, to the letter but for the space after a semicolon', async () => {
    const app = fastify();
    await app.register(fastifyHelmet, helmetOptions);
    app.get('/', () => '');
    const { headers } = await app.inject('/');
    for (const name of ['connection', 'content-length', 'content-type', 'date']) delete headers[name];
    const decided = await decideHeaders();
    const fromHelmet = Object.fromEntries(
      Object.keys(headers).map((name) => [name, decided[name]?.replaceAll('; ', ';')]),
    );
    expect(fromHelmet).toEqual(headers);
    expect(Object.keys(headers)).toHaveLength(7);
  });

  it('SR-32, SR-34: are these and no others', async () => {
    expect(await decideHeaders()).toEqual({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });
});
