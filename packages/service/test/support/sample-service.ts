import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { defineRoles, owner, signedIn } from '@redoubt/auth';
import { AppError, callerOf, type Server } from '@redoubt/server';
import { Type } from '@sinclair/typebox';
import type { Kysely } from 'kysely';

import { defineDatabase, defineService, defineServiceSettings } from '../../src/index.ts';
import type { ServiceDependencies, ServiceOptions, ServiceSchema } from '../../src/index.ts';

/** Notes, as their migration creates them. */
interface NotesTable {
  id: string;
  owner_id: string;
  text: string;
  created_at: Date;
}

/** The database of the sample. */
interface SampleSchema extends ServiceSchema {
  notes: NotesTable;
}

/** Its history: the tables of every service, and its own. */
const migrations = mkdtempSync(join(tmpdir(), 'sample-migrations-'));
copyFileSync(
  join(import.meta.dirname, '..', '..', 'migrations', '0001-service-tables.sql'),
  join(migrations, '0001-service-tables.sql'),
);
writeFileSync(
  join(migrations, '0002-notes.sql'),
  `create table notes (
  id uuid primary key,
  owner_id uuid not null,
  text text not null check (length(text) <= 1000),
  created_at timestamptz not null
);`,
);

const sampleDatabase = defineDatabase<SampleSchema>({ service: 'sample-notes', migrations });

export const sampleSettings = defineServiceSettings({
  prefix: 'SAMPLE_',
  own: { SAMPLE_NOTES_MAX: Type.Integer({ minimum: 1, maximum: 1000, default: 2, description: 'Notes of one user' }) },
  development: { port: 3001, managementPort: 9001, directory: '.local/sample' },
});

const sampleRoles = defineRoles({ user: [], admin: ['notes:read', 'audit:read'] } as const);

const closed = { additionalProperties: false };
const Note = Type.Object(
  { id: Type.String({ format: 'uuid' }), text: Type.String({ maxLength: 1000 }) },
  { ...closed, description: 'A note.' },
);
const NewNote = Type.Object({ text: Type.String({ minLength: 1, maxLength: 1000 }) }, closed);
const OwnerParams = Type.Object({ id: Type.String({ format: 'uuid' }) }, closed);

/** Notes of signed-in users. */
const notes = {
  name: 'notes',
  addRoutes(
    app: Server,
    {
      database,
      idempotency,
      createId,
      now,
      notesMax,
    }: ServiceDependencies<SampleSchema> & { readonly notesMax: number },
    _options: ServiceOptions,
  ): void {
    const ownNotes = (kysely: Kysely<SampleSchema>, ownerId: string) =>
      kysely.selectFrom('notes').select(['id', 'text']).where('owner_id', '=', ownerId).orderBy('id').execute();

    app.post(
      '/api/notes',
      {
        access: signedIn(),
        idempotency: 'required',
        schema: { body: NewNote, response: { 201: Note } },
      },
      async (request, reply) => {
        const { userId } = callerOf(request);
        // The key, the note and the answer are stored together, or none of them is.
        const transaction = idempotency.transactionOf(request);
        if ((await ownNotes(transaction, userId)).length >= notesMax) throw new AppError('conflict');
        const note = { id: createId(), text: request.body.text };
        const row = { ...note, owner_id: userId, created_at: new Date(now()) };
        await transaction.insertInto('notes').values(row).execute();
        return reply.code(201).header('location', `/api/owners/${userId}/notes`).send(note);
      },
    );
    app.get(
      '/api/owners/:id/notes',
      {
        access: owner('id'),
        schema: {
          params: OwnerParams,
          response: { 200: Type.Object({ items: Type.Array(Note, { maxItems: 1000 }) }, closed) },
        },
      },
      async ({ params }) => ({ items: await ownNotes(database.kysely, params.id) }),
    );
  },
};

/** A small service that has no sign-in of its own. */
export const sample = defineService({
  database: sampleDatabase,
  description: 'Notes of signed-in users.',
  settings: sampleSettings,
  roles: sampleRoles,
  createDependencies: ({ settings }) => ({ notesMax: settings.SAMPLE_NOTES_MAX }),
  modules: [notes],
});
