import type { Kysely, Selectable } from 'kysely';

import type { SampleServiceSchema } from '../database.ts';
import type { SampleItemsTables } from './sample-items-tables.ts';

/** A row of the table. */
export type SampleItemsRow = Selectable<SampleItemsTables['sample_items']>;

/** Reads and writes entries, on a database or inside a transaction. Every query names the owner (SR-2). */
export class SampleItemsStore {
  readonly #database: Kysely<SampleServiceSchema>;

  constructor(database: Kysely<SampleServiceSchema>) {
    this.#database = database;
  }

  /** The entries of an owner after `cursor`, oldest first: ids are UUIDv7 and sort by time. */
  list(ownerId: string, limit: number, cursor: string | undefined): Promise<SampleItemsRow[]> {
    const own = this.#database
      .selectFrom('sample_items')
      .selectAll()
      .where('owner_id', '=', ownerId)
      .orderBy('id')
      .limit(limit);
    return (cursor === undefined ? own : own.where('id', '>', cursor)).execute();
  }

  insert(row: SampleItemsRow): Promise<SampleItemsRow> {
    return this.#database.insertInto('sample_items').values(row).returningAll().executeTakeFirstOrThrow();
  }

  /** Forgets everything that an owner has. */
  async deleteAll(ownerId: string): Promise<void> {
    await this.#database.deleteFrom('sample_items').where('owner_id', '=', ownerId).execute();
  }
}
