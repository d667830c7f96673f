import { signedIn } from '@redoubt/auth';
import { callerOf, type Server } from '@redoubt/server';
import { cutPage, PageQuery, pageOf, type ServiceDependencies } from '@redoubt/service';
import { type Static, Type } from '@sinclair/typebox';

import type { SampleServiceSchema } from '../database.ts';
import { Entry, NewEntry } from './sample-items-schemas.ts';
import { type SampleItemsRow, SampleItemsStore } from './sample-items-store.ts';

/** Entries of signed-in users: each sees and changes those of their own. */
export const sampleItems = {
  name: 'sample-items',
  addRoutes(app: Server, { database, idempotency, createId, now }: ServiceDependencies<SampleServiceSchema>): void {
    const entries = new SampleItemsStore(database.kysely);

    app.get(
      '/api/sample-items',
      { access: signedIn(), schema: { querystring: PageQuery, response: { 200: pageOf(Entry) } } },
      async (request) => {
        const { limit, cursor } = request.query;
        return cutPage(await entries.list(callerOf(request).userId, limit + 1, cursor), limit, toEntry);
      },
    );

    app.post(
      '/api/sample-items',
      { access: signedIn(), idempotency: 'required', schema: { body: NewEntry, response: { 201: Entry } } },
      async (request, reply) => {
        const { userId } = callerOf(request);
        // The row and the answer that a repetition gets commit together (SR-41).
        const row = await new SampleItemsStore(idempotency.transactionOf(request)).insert({
          id: createId(),
          owner_id: userId,
          text: request.body.text,
          created_at: new Date(now()),
        });
        reply.code(201);
        return toEntry(row);
      },
    );

    app.delete(
      '/api/sample-items',
      { access: signedIn(), schema: { response: { 204: Type.Null() } } },
      async (request, reply) => {
        await entries.deleteAll(callerOf(request).userId);
        return reply.code(204).send(null);
      },
    );
  },
};

function toEntry({ id, text, created_at: createdAt }: SampleItemsRow): Static<typeof Entry> {
  return { id, text, createdAt: createdAt.toISOString() };
}
