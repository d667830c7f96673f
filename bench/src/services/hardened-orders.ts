import { signedIn } from '@redoubt/auth';
import { createUuidV7 } from '@redoubt/logging';
import { callerOf, type DatabaseIdempotencyStore, type IdempotencySchema, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';

import { bounds } from '../contract/contract.ts';

/** The tables of the route that writes. */
export interface OrderSchema extends IdempotencySchema {
  orders: { id: string; user_id: string; sku: string; quantity: number };
}

const closed = { additionalProperties: false } as const;
const fields = {
  sku: Type.String({ minLength: 1, maxLength: bounds.MAX_SKU }),
  quantity: Type.Integer({ minimum: 1, maximum: bounds.MAX_QUANTITY }),
};
const NewOrder = Type.Object(fields, closed);
const Order = Type.Object({ id: Type.String({ format: 'uuid' }), ...fields }, closed);

/** Adds the write that runs once for a key: key, row and answer are one commit. */
export function addOrderRoute(
  app: Server,
  idempotency: Pick<DatabaseIdempotencyStore<OrderSchema>, 'transactionOf'>,
): void {
  app.post(
    '/api/orders',
    { access: signedIn(), idempotency: 'required', schema: { body: NewOrder, response: { 201: Order } } },
    async (request, reply) => {
      const order = { id: createUuidV7(), ...request.body };
      await idempotency
        .transactionOf(request)
        .insertInto('orders')
        .values({ ...order, user_id: callerOf(request).userId })
        .execute();
      reply.code(201);
      return order;
    },
  );
}
