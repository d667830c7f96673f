import { owner, permission } from '@redoubt/auth';
import { Type } from '@sinclair/typebox';
import type { RouteOptions } from 'fastify';
import { describe, expect, it } from 'vitest';

import { notNeeded, RouteContractError } from '../../src/index.ts';
import { createTestServer } from '../support/test-server.ts';

const closed = { additionalProperties: false };
const Thing = Type.Object({ name: Type.String({ maxLength: 10 }) }, closed);
const Params = Type.Object({ id: Type.String({ format: 'uuid' }) }, closed);

/** A route that is safe to serve; each case takes one thing from it. */
const sound = {
  method: 'POST',
  url: '/things/:id',
  access: permission('things:write'),
  idempotency: notNeeded('it only reads'),
  schema: { params: Params, body: Thing, response: { 200: Thing } },
  handler: () => ({ name: 'a' }),
} as const;

type Change = Record<string, unknown> & { readonly method?: string; readonly url?: string };

/** Boots a server with one route and returns why it did not boot. */
async function boot(change: Change): Promise<RouteContractError> {
  const { app } = await createTestServer();
  // The type of a route demands what the test leaves out: only code without types could do it.
  const route: unknown = { ...sound, ...change };
  app.route(route as RouteOptions);
  const refused: unknown = await app.ready().then(
    () => undefined,
    (error: unknown) => error,
  );
  await app.close();
  if (!(refused instanceof RouteContractError)) throw new TypeError('the server booted', { cause: refused });
  return refused;
}

const broken: Record<string, [Change, string, string]> = {
  'no access': [{ access: undefined }, 'declares no access', 'access: '],
  'an access that is no rule': [{ access: 'everybody' }, 'declares no access', 'access: '],
  'an access of true': [{ access: true }, 'declares no access', 'access: '],
  'no schema at all': [{ schema: undefined }, 'has no schema for its body', 'schema.body'],
  'no schema for its parameters': [
    { schema: { body: Thing, response: { 200: Thing } } },
    'has no schema for its parameters',
    'schema.params',
  ],
  'no response': [{ schema: { params: Params, body: Thing } }, 'declares no successful response', 'schema.response'],
  'a response for a class of statuses': [
    { schema: { params: Params, body: Thing, response: { '2xx': Thing } } },
    'response 2xx is not one status',
    '200',
  ],
  'an open body': [
    { schema: { params: Params, body: Type.Object({}), response: { 200: Thing } } },
    'body is an open object',
    'additionalProperties: false',
  ],
  'an unbounded string in its body': [
    { schema: { params: Params, body: Type.Object({ a: Type.String() }, closed), response: { 200: Thing } } },
    'body.a is an unbounded string',
    'maxLength',
  ],
  'an unbounded query': [
    {
      schema: {
        params: Params,
        querystring: Type.Object({ q: Type.String() }, closed),
        body: Thing,
        response: { 200: Thing },
      },
    },
    'querystring.q is an unbounded string',
    'maxLength',
  ],
  'an open response': [
    { schema: { params: Params, body: Thing, response: { 200: Type.Object({}) } } },
    'response.200 is an open object',
    'additionalProperties',
  ],
  'no idempotency decision': [{ idempotency: undefined }, 'is a write without an idempotency decision', "'required'"],
  'keys of callers that it does not know': [
    { idempotency: 'required', access: 'public' },
    'requires an idempotency key of callers it does not know',
    'access',
  ],
  'a shared cache for a private answer': [
    {
      method: 'GET',
      schema: { params: Params, response: { 200: Thing } },
      access: owner('id'),
      cache: { maxAgeSeconds: 60 },
    },
    'lets shared caches keep an answer that is not public',
    'remove cache',
  ],
  'several methods': [{ method: ['POST', 'PUT'] as never }, 'serves several methods in one declaration', 'one route'],
  'a method that the pipeline does not know': [
    { method: 'QUERY' },
    'uses a method that the pipeline does not know',
    'POST',
  ],
  'validation that only attaches': [
    { attachValidation: true },
    'takes itself out of the pipeline with attachValidation',
    'remove',
  ],
  'an error handler of its own': [
    { errorHandler: () => undefined },
    'takes itself out of the pipeline with errorHandler',
    'remove',
  ],
  'a validator of its own': [
    { validatorCompiler: () => () => true },
    'takes itself out of the pipeline with validatorCompiler',
    'remove',
  ],
  'a serialiser of its own': [
    { serializerCompiler: () => () => '' },
    'takes itself out of the pipeline with serializerCompiler',
    'remove',
  ],
  'a query under another name': [
    { schema: { params: Params, query: Thing, body: Thing, response: { 200: Thing } } },
    'names its query in a way that is not checked',
    'schema.querystring',
  ],
  'a wildcard': [
    { url: '/things/*', schema: { body: Thing, response: { 200: Thing } } },
    'matches any path below it',
    'named parameters',
  ],
};

describe('the route contract', () => {
  for (const [what, [change, rule, fix]] of Object.entries(broken)) {
    it(`SR-1, SR-16: a route with ${what} stops the boot, and the message says what to write`, async () => {
      const { message } = await boot(change);
      expect(message).toContain(`${change.method ?? 'POST'} ${change.url ?? '/things/:id'}: ${rule}`);
      expect(message.split(rule)[1]).toContain(fix);
    });
  }

  it('SR-1: tells of every fault of every route in one start', async () => {
    const { app } = await createTestServer();
    app.route({ ...sound, access: undefined, idempotency: undefined } as never);
    app.route({ ...sound, url: '/others/:id', access: undefined } as never);
    const error: unknown = await app.ready().then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect((error as RouteContractError).faults).toHaveLength(3);
  });

  it('SR-16, SR-21: tells of a sound route what it takes: the closed schema and the largest body', async () => {
    const { app } = await createTestServer();
    app.route({ ...sound, bodyLimit: 512 });
    app.route({ ...sound, url: '/others/:id' });
    app.get('/things', { access: 'public', schema: { response: { 200: Type.Null() } } }, () => null);
    await app.ready();
    const [small, usual, read] = app.routeContracts;
    expect([small, usual, read].map((contract) => contract?.maxBodyBytes)).toEqual([512, 100 * 1024, 0]);
    expect(read?.schema.querystring).toMatchObject({ additionalProperties: false });
  });

  it('SR-1: holds for routes of plugins, whatever their prefix', async () => {
    const { app } = await createTestServer();
    await app.register(
      (plugin, _options, done) => {
        plugin.get('/hidden', { schema: {} } as never, () => '');
        done();
      },
      { prefix: '/inner' },
    );
    await expect(app.ready()).rejects.toThrow('GET /inner/hidden: declares no access');
  });

  it('SR-1: holds for a HEAD route that is added by hand', async () => {
    const { app } = await createTestServer();
    app.route({ method: 'HEAD', url: '/x', handler: () => '' } as never);
    await expect(app.ready()).rejects.toThrow('HEAD /x: declares no access');
  });

  it('SR-1: a rule without anybody who proves callers stops the boot', async () => {
    const { app } = await createTestServer();
    const { app: bare } = await createTestServer({ authenticator: undefined } as never);
    app.route(sound);
    await app.ready();
    expect(() => bare.route(sound)).toThrow('no authenticator');
  });

  it('lists what each route declares', async () => {
    const { app } = await createTestServer();
    app.route(sound);
    app.get('/public', { access: 'public', schema: { response: { 200: Thing } } }, () => ({ name: 'a' }));
    await app.ready();
    expect(app.routeContracts.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /things/:id',
      'GET /public',
      'HEAD /public',
    ]);
  });
});
