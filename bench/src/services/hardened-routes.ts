import { signedIn } from '@redoubt/auth';
import { callerOf, notNeeded, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

import { bounds, findProduct, LIMITED_MAX, LIMITED_WINDOW_SECONDS, quoteOf } from '../contract/contract.ts';

const closed = { additionalProperties: false } as const;
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

const ProductParams = Type.Object({ id: Text(bounds.MAX_ID) }, closed);
const Product = Type.Object(
  {
    id: Text(bounds.MAX_ID),
    name: Text(bounds.MAX_NAME),
    priceCents: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    tags: Type.Array(Text(bounds.MAX_NAME), { maxItems: bounds.MAX_ITEMS }),
  },
  closed,
);
const Account = Type.Object({ userId: Type.String({ format: 'uuid' }), role: Text(bounds.MAX_NAME) }, closed);
const Item = Type.Object(
  { sku: Text(bounds.MAX_SKU), quantity: Type.Integer({ minimum: 1, maximum: bounds.MAX_QUANTITY }) },
  closed,
);
const QuoteRequest = Type.Object(
  {
    customer: Type.Object(
      { name: Text(bounds.MAX_NAME), email: Type.String({ format: 'email', maxLength: bounds.MAX_EMAIL }) },
      closed,
    ),
    items: Type.Array(Item, { minItems: 1, maxItems: bounds.MAX_ITEMS }),
    note: Type.Optional(Text(bounds.MAX_NOTE)),
  },
  closed,
);
const Count = Type.Integer({ minimum: 0, maximum: bounds.MAX_ITEMS * bounds.MAX_QUANTITY });
const Quote = Type.Object({ customer: Text(bounds.MAX_NAME), lines: Count, quantity: Count }, closed);
const Document = Type.Object({ text: Text(bounds.MAX_TEXT) }, closed);
const Length = Type.Object({ length: Type.Integer({ minimum: 0, maximum: bounds.MAX_TEXT }) }, closed);

const computed = notNeeded('it computes an answer and changes nothing');

/** Adds the benchmark's routes. The first product route is the one that is measured; the others are there to be many. */
export function addRoutes(app: Server, products: number): void {
  for (let index = 0; index < products; index += 1) {
    app.get(
      `${index === 0 ? '/api/products' : `/api/products-${index}`}/:id`,
      { access: 'public', schema: { params: ProductParams, response: { 200: Product } } },
      ({ params }) => findProduct(params.id),
    );
  }
  app.get('/api/account', { access: signedIn(), schema: { response: { 200: Account } } }, (request) => {
    const { userId, role } = callerOf(request);
    return { userId, role };
  });
  app.post(
    '/api/quotes',
    { access: 'public', idempotency: computed, schema: { body: QuoteRequest, response: { 200: Quote } } },
    ({ body }) => quoteOf(body),
  );
  app.post(
    '/api/documents',
    { access: 'public', idempotency: computed, schema: { body: Document, response: { 200: Length } } },
    ({ body }) => ({ length: body.text.length }),
  );
  app.get(
    '/api/limited',
    {
      access: 'public',
      rateLimit: { max: LIMITED_MAX, windowSeconds: LIMITED_WINDOW_SECONDS, by: 'address', whenStoreIsAway: 'local' },
      schema: { response: { 200: Length } },
    },
    () => ({ length: 0 }),
  );
}
