import { type Kysely, sql } from 'kysely';

import type { DatabaseSchema } from '../database-schema.ts';

/** Counts the failed sign-ins of each account since its last success, durably (SR-13). */
export class SignInFailureStore {
  readonly #database: Kysely<DatabaseSchema>;

  constructor(database: Kysely<DatabaseSchema>) {
    this.#database = database;
  }

  /** The failures since the last success; 0 for an account that has none, or that does not exist. */
  async countOf(userId: string): Promise<number> {
    const row = await this.#database
      .selectFrom('sign_in_failures')
      .select('consecutive')
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return row?.consecutive ?? 0;
  }

  /** Counts one more, and answers how many there are: two that fail at once are both counted. */
  async add(userId: string): Promise<number> {
    const { consecutive } = await this.#database
      .insertInto('sign_in_failures')
      .values({ user_id: userId, consecutive: 1 })
      .onConflict((conflict) =>
        conflict.column('user_id').doUpdateSet({ consecutive: sql<number>`sign_in_failures.consecutive + 1` }),
      )
      .returning('consecutive')
      .executeTakeFirstOrThrow();
    return consecutive;
  }

  /** Forgets the failures of an account. */
  async reset(userId: string): Promise<void> {
    await this.#database
      .updateTable('sign_in_failures')
      .set({ consecutive: 0 })
      .where('user_id', '=', userId)
      .execute();
  }
}
