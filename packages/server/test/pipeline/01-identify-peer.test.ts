import { anyService, parseSpiffeId, type Peer, PeerCertificateError, signedIn } from '@redoubt/auth';
import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';

import { callerOf, notNeeded, serviceOf } from '../../src/index.ts';
import { createTestServer } from '../support/test-server.ts';
import { createThingsServer } from '../support/things-server.ts';

const service: Peer = { kind: 'service', serviceId: parseSpiffeId('spiffe://example.internal/ns/billing') };
const ada = { authorization: 'Bearer token-of-ada' };

describe('who holds the other end of a connection', () => {
  it('SR-28: who is refused gets 403 for everything, preflights and unknown paths included', async () => {
    const refused: unknown[] = [];
    const { app } = await createThingsServer({
      peers: () => {
        throw new PeerCertificateError('unlisted', service.serviceId);
      },
      observer: { peerRefused: (_request, refusal) => refused.push(refusal.serviceId) },
    });
    const preflight = { origin: 'https://app.example', 'access-control-request-method': 'GET' };
    const responses = await Promise.all([
      app.inject({ url: '/public' }),
      app.inject({ url: '/nowhere' }),
      app.inject({ url: '/own', headers: ada }),
      app.inject({ url: '/own', method: 'OPTIONS', headers: preflight }),
      app.inject({ url: '/own', method: 'DELETE' }),
    ]);
    for (const { statusCode, headers, body } of responses) {
      expect(statusCode).toBe(403);
      expect(headers['content-type']).toContain('application/problem+json');
      expect(body).not.toContain('spiffe');
    }
    expect(refused).toHaveLength(responses.length);
  });

  it('SR-30: a check that breaks lets nobody in, and says nothing of why', async () => {
    const { app } = await createThingsServer({
      peers: () => {
        throw new TypeError('c4n4ry');
      },
    });
    const response = await app.inject({ url: '/public' });
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('c4n4ry');
  });

  it('SR-47: every line of the request names the service', async () => {
    const { app, log } = await createTestServer({ peers: () => service });
    app.get('/x', { access: anyService(), schema: { response: { 204: Type.Null() } } }, (request, reply) => {
      request.log.info('in the handler');
      reply.code(204).send(null);
    });
    expect((await app.inject({ url: '/x' })).statusCode).toBe(204);
    expect(log.lines().filter(({ serviceId }) => serviceId === service.serviceId)).toHaveLength(2);
  });

  it('a handler that takes one kind of caller for the other fails, and answers nothing', async () => {
    const { app, log } = await createTestServer({ peers: () => service });
    const schema = {
      response: { 200: Type.Object({ id: Type.String({ maxLength: 99 }) }, { additionalProperties: false }) },
    };
    app.get('/user', { access: anyService(), schema }, (request) => ({ id: callerOf(request).userId }));
    app.get('/service', { access: signedIn(), schema }, (request) => ({ id: serviceOf(request).serviceId }));
    app.get('/public', { access: 'public', schema }, (request) => ({ id: serviceOf(request).serviceId }));
    expect((await app.inject({ url: '/user' })).statusCode).toBe(500);
    expect((await app.inject({ url: '/service', headers: ada })).statusCode).toBe(500);
    expect((await app.inject({ url: '/public' })).statusCode).toBe(500);
    expect(log.text()).toContain('the caller is no service');
  });

  it('SR-41: a route whose key needs a user does not start when services may call it', async () => {
    const { app } = await createThingsServer();
    const schema = { body: Type.Null(), response: { 204: Type.Null() } };
    app.post('/x', { access: anyService(), idempotency: 'required', schema }, () => null);
    app.post('/y', { access: anyService(), idempotency: notNeeded('a test'), schema }, () => null);
    await expect(app.ready()).rejects.toThrow(/POST \/x: requires an idempotency key, which only users have/);
  });
});
