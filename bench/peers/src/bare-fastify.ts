/** Fastify with schemas and a verified token, and no control beside: what all ratios are told against. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import fastify from 'fastify';
import pg from 'pg';

import { bounds, findProduct, quoteOf, type QuoteRequest } from '../../src/contract/contract.ts';
import { runService } from '../../src/contract/run-service.ts';
import type { BackingServer } from '../../src/contract/service-config.ts';
import { createBareVerifier } from './bare-verifier.ts';

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const object = (properties: Record<string, unknown>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const integer = { type: 'integer' };

const product = object({
  id: text(bounds.MAX_ID),
  name: text(bounds.MAX_NAME),
  priceCents: integer,
  tags: { type: 'array', items: text(bounds.MAX_NAME) },
});
const item = object({ sku: text(bounds.MAX_SKU), quantity: { ...integer, minimum: 1, maximum: bounds.MAX_QUANTITY } });
const quoteRequest = object(
  {
    customer: object({ name: text(bounds.MAX_NAME), email: { ...text(bounds.MAX_EMAIL), format: 'email' } }),
    items: { type: 'array', items: item, minItems: 1, maxItems: bounds.MAX_ITEMS },
    note: text(bounds.MAX_NOTE),
  },
  ['customer', 'items'],
);
const quote = object({ customer: text(bounds.MAX_NAME), lines: integer, quantity: integer });

await runService(async (config) => {
  const verify = createBareVerifier(config);
  const app = fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } });
  const { busyMicroseconds } = config;
  if (busyMicroseconds !== undefined)
    app.addHook('onRequest', (_request, _reply, done) => {
      const end = performance.now() + busyMicroseconds / 1000;
      while (performance.now() < end);
      done();
    });
  for (let index = 0; index < config.routes; index += 1)
    app.get<{ Params: { id: string } }>(
      `${index === 0 ? '/api/products' : `/api/products-${index}`}/:id`,
      { schema: { params: object({ id: text(bounds.MAX_ID) }), response: { 200: product } } },
      ({ params }) => findProduct(params.id),
    );
  app.get(
    '/api/account',
    { schema: { response: { 200: object({ userId: { type: 'string' }, role: { type: 'string' } }) } } },
    (request, reply) => {
      const caller = verify(request.headers.authorization);
      if (caller === undefined) return reply.code(401).send({ title: 'unauthenticated' });
      return caller;
    },
  );
  app.post<{ Body: QuoteRequest }>(
    '/api/quotes',
    { schema: { body: quoteRequest, response: { 200: quote } } },
    ({ body }) => quoteOf(body),
  );
  app.post<{ Body: { text: string } }>(
    '/api/documents',
    { schema: { body: object({ text: text(bounds.MAX_TEXT) }), response: { 200: object({ length: integer }) } } },
    ({ body }) => ({ length: body.text.length }),
  );
  app.get('/api/limited', (_request, reply) => reply.code(429).send({ title: 'too many requests' }));
  if (config.database !== undefined) addOrders(app, await openPool(config.database), verify);
  await app.ready();
  return app.server;
});

async function openPool({ url, passwordFile }: BackingServer): Promise<pg.Pool> {
  const { hostname: host, port, username: user, pathname } = new URL(url);
  const password = await readFile(passwordFile, 'utf8');
  return new pg.Pool({ host, port: Number(port), user, password, database: pathname.slice(1), max: 10 });
}

/** The same write in a plain transaction: no key, no stored answer. */
function addOrders(
  app: ReturnType<typeof fastify>,
  pool: pg.Pool,
  verify: ReturnType<typeof createBareVerifier>,
): void {
  const fields = { sku: text(bounds.MAX_SKU), quantity: { ...integer, minimum: 1, maximum: bounds.MAX_QUANTITY } };
  app.post<{ Body: { sku: string; quantity: number } }>(
    '/api/orders',
    { schema: { body: object(fields), response: { 201: object({ id: { type: 'string' }, ...fields }) } } },
    async (request, reply) => {
      const caller = verify(request.headers.authorization);
      if (caller === undefined) return reply.code(401).send({ title: 'unauthenticated' });
      const order = { id: randomUUID(), ...request.body };
      const client = await pool.connect();
      try {
        await client.query('begin');
        await client.query({
          text: 'insert into orders (id, user_id, sku, quantity) values ($1, $2, $3, $4)',
          values: [order.id, caller.userId, order.sku, order.quantity],
        });
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw error;
      } finally {
        client.release();
      }
      return reply.code(201).send(order);
    },
  );
}
