import { Buffer } from 'node:buffer';

import { owner, permission, signedIn } from '@redoubt/auth';
import { Type } from '@sinclair/typebox';

import { AppError, notNeeded, type ServerOptions } from '../../src/index.ts';
import { createTestServer, type TestServer } from './test-server.ts';

const closed = { additionalProperties: false };
const Thing = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 20 }),
    count: Type.Optional(Type.Integer({ minimum: 0, maximum: 9 })),
  },
  closed,
);
const Params = Type.Object({ id: Type.String({ format: 'uuid' }) }, closed);
const Query = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 10 }),
    name: Type.Optional(Type.String({ maxLength: 20 })),
  },
  closed,
);
const Limit = Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 1000 }) }, closed);

/** A server with one route of each kind that the tests of the pipeline ask for. */
export async function createThingsServer(overrides: Partial<ServerOptions> = {}): Promise<TestServer> {
  const server = await createTestServer(overrides);
  const { app } = server;
  const response = { 200: Thing };
  const handler = (): { name: string } => ({ name: 'a' });
  app.get('/public', { access: 'public', schema: { response } }, handler);
  app.get('/cached', { access: 'public', cache: { maxAgeSeconds: 60 }, schema: { response } }, handler);
  app.get('/own', { access: signedIn(), schema: { response } }, handler);
  app.get('/read', { access: permission('things:read'), schema: { response } }, handler);
  app.get('/owned/:id', { access: owner('id'), schema: { params: Params, response } }, handler);
  app.get('/query', { access: 'public', schema: { querystring: Query, response: { 200: Limit } } }, ({ query }) => ({
    limit: query.limit,
  }));
  app.post(
    '/things',
    { access: 'public', idempotency: notNeeded('a test'), schema: { body: Thing, response } },
    ({ body }) => body,
  );
  app.delete('/things', { access: 'public', schema: { response: { 204: Type.Null() } } }, (_request, reply) => {
    reply.code(204).send(null);
  });
  app.get('/row', { access: 'public', schema: { response } }, () => ({ name: 'a', passwordHash: 'c4n4ry' }));
  app.get('/undeclared', { access: 'public', schema: { response } }, (_request, reply) => {
    reply.code(201 as 200).send({ name: 'c4n4ry' });
  });
  app.get('/text', { access: 'public', schema: { response } }, (_request, reply) => {
    reply.send('c4n4ry' as never);
  });
  app.get('/own-json', { access: 'public', schema: { response } }, (_request, reply) => {
    reply.type('application/json');
    return JSON.stringify({ name: 'a', passwordHash: 'c4n4ry' }) as never;
  });
  app.get('/bytes', { access: 'public', schema: { response } }, (_request, reply) => {
    reply.type('application/json');
    return Buffer.from('{"passwordHash":"c4n4ry"}') as never;
  });
  app.get('/own-problem', { access: 'public', schema: { response } }, (_request, reply) => {
    reply
      .code(299 as 200)
      .type('application/problem+json')
      .send({ name: 'c4n4ry' });
  });
  app.get('/upstream', { access: 'public', schema: { response } }, () => {
    throw Object.assign(new Error('c4n4ry'), { code: 'HPE_INVALID_CONSTANT' });
  });
  app.get('/cookie', { access: 'public', schema: { response } }, (_request, reply) => {
    reply.header('set-cookie', 'session=c4n4ry').header('location', '/c4n4ry').header('etag', 'c4n4ry');
    throw new AppError('conflict');
  });
  const slow = Promise.withResolvers<{ name: string }>();
  app.get('/slow', { access: 'public', schema: { response } }, () => slow.promise);
  app.addHook('onClose', (_app, done) => {
    slow.resolve({ name: 'a' });
    done();
  });
  const Labels = Type.Record(Type.String({ maxLength: 40 }), Type.Integer({ minimum: 0, maximum: 9 }), {
    ...closed,
    maxProperties: 3,
  });
  app.put(
    '/labels',
    { access: 'public', schema: { body: Labels, response: { 204: Type.Null() } } },
    (_request, reply) => {
      reply.code(204).send(null);
    },
  );
  const Choice = Type.Object({ role: Type.Union([Type.Literal('user'), Type.Literal('admin')]) }, closed);
  app.put('/choice', { access: 'public', schema: { body: Choice, response: { 200: Choice } } }, ({ body }) => body);
  app.get('/throws', { access: 'public', schema: { response } }, () => {
    throw Object.assign(new Error('c4n4ry at /srv/app.ts:12'), { statusCode: 404, sql: 'select c4n4ry' });
  });
  app.get('/conflict', { access: 'public', schema: { response } }, () => {
    throw new AppError('conflict', { cause: new Error('c4n4ry'), headers: { 'x-reason': 'taken' } });
  });
  app.get('/own-headers', { access: 'public', schema: { response } }, (_request, reply) => {
    reply.header('content-security-policy', "default-src 'self'");
    throw new AppError('unavailable', { retryAfterSeconds: 7 });
  });
  return server;
}
