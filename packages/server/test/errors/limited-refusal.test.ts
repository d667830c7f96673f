import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { signedIn, type UserPrincipal } from '@redoubt/auth';
import { createMemoryStore } from '@redoubt/storage';
import { Type } from '@sinclair/typebox';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { AppError, type RateLimit } from '../../src/index.ts';
import { listen } from '../support/raw-client.ts';
import { createTestServer, principals, type TestServer } from '../support/test-server.ts';

const Answer = Type.Object({ name: Type.String({ maxLength: 10 }) }, { additionalProperties: false });
const schema = { response: { 200: Answer } };
const limit = (max: number): RateLimit => ({ max, windowSeconds: 60, by: 'address', whenStoreIsAway: 'local' });

let server: TestServer;
let port: number;

beforeEach(async () => {
  server = await createTestServer();
  const { app } = server;
  // What a service of one's own may do to each request before its limit is looked at.
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('set-cookie', 'a=1').header('location', '/elsewhere');
    done();
  });
  app.get('/limited', { access: 'public', rateLimit: limit(1), schema }, () => ({ name: 'a' }));
  app.get('/thrown', { access: 'public', rateLimit: limit(100), schema }, () => {
    throw new AppError('too-many-requests', { retryAfterSeconds: 60 });
  });
  port = await listen(app);
  await fetch(`http://127.0.0.1:${port}/limited`);
});
afterEach(() => server.app.close());

/** What comes over the wire, but for what differs from one answer to the next. */
async function ask(path: string, init: RequestInit) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, init);
  const headers = [...answer.headers]
    .filter(([name]) => name !== 'date')
    .map(([name, value]) => [name, /^(?:x-request-id|ratelimit-)/.test(name) ? '' : value]);
  const text = await answer.text();
  const id = answer.headers.get('x-request-id') ?? 'none';
  return { status: answer.status, headers, text: text.replace(id, ''), hasId: text.includes(id) };
}

describe('the answer to a caller that is over its limit', () => {
  it.each([
    ['GET', {}],
    ['HEAD', {}],
    ['GET', { origin: 'https://app.example' }],
    ['GET', { origin: 'https://evil.example' }],
    ['GET', { connection: 'close' }],
  ])(
    'SR-22, SR-33, SR-37: is to the letter that of the error, and carries nothing of the request: %s %j',
    async (method, headers) => {
      const limited = await ask('/limited', { method, headers });
      expect(limited).toEqual(await ask('/thrown', { method, headers }));
      expect(limited.status).toBe(429);
      expect(limited.hasId).toBe(method === 'GET');
      expect(limited.headers.map(([name]) => name)).not.toContain('set-cookie');
      expect(limited.headers).toContainEqual(['retry-after', '60']);
    },
  );

  it('SR-30, SR-39: is none any more when the request was given up while its caller was being proven', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    let gate: Promise<unknown> = Promise.resolve();
    const { app } = await createTestServer({
      handlerTimeoutMs: 50,
      rateLimits: { store: createMemoryStore({ now: Date.now }), now: Date.now, signedInMax: 1 },
      authenticator: () => gate.then(() => principals['token-of-ada'] as UserPrincipal),
    });
    app.get('/own', { access: signedIn(), schema }, () => ({ name: 'a' }));
    const own = `http://127.0.0.1:${await listen(app)}/own`;
    const headers = { authorization: 'Bearer token-of-ada' };
    expect((await fetch(own, { headers })).status).toBe(200);
    expect((await fetch(own, { headers })).status).toBe(429);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    gate = promise;
    expect((await fetch(own, { headers })).status).toBe(503);
    resolve(undefined);
    // A rejection that nobody catches is told when all that was due is done.
    await nextTurn();
    expect(unhandled).not.toHaveBeenCalled();
    process.off('unhandledRejection', unhandled);
    await app.close();
  });

  it('SR-30: is an error, and no silence, where a hook has set a header that Node does not send', async () => {
    const { app } = await createTestServer();
    app.addHook('onRequest', (_request, reply, done) => {
      reply.header('vary', 'a\r\nx-forged: 1');
      done();
    });
    app.get('/limited', { access: 'public', rateLimit: limit(1), schema }, () => ({ name: 'a' }));
    const url = `http://127.0.0.1:${await listen(app)}/limited`;
    expect([(await fetch(url)).status, (await fetch(url)).status]).toEqual([500, 500]);
    await app.close();
  });

  it('SR-44: has its line in the log', async () => {
    await ask('/limited', {});
    await server.app.close();
    expect(server.log.text()).toMatch(/"route":"\/limited","status":429/);
  });
});
