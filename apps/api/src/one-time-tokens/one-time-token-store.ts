import { createHash, randomBytes } from 'node:crypto';

import type { Kysely, Transaction } from 'kysely';

import type { DatabaseSchema, OneTimeTokensTable } from '../database-schema.ts';

/** 256 bits (SR-56): nobody guesses one, so that looking it up by its hash is enough. */
const TOKEN_BYTES = 32;
/** A token as it is written: unpadded base64url. */
export const TOKEN_LENGTH = 43;
/** A token is good for 15 minutes (SR-56). */
const TOKEN_TTL_MS = 15 * 60_000;
/** Tokens of an account in an hour, of all kinds (SR-56): a mailbox is not flooded by who knows its address. */
const MAX_TOKENS_PER_HOUR = 3;
const HOUR_MS = 60 * 60_000;

/** What a token is for. */
export type OneTimeTokenKind = OneTimeTokensTable['kind'];

/** A new token: for whom, for what, and the password that goes with a registration. */
export interface NewOneTimeToken {
  readonly userId: string;
  readonly kind: OneTimeTokenKind;
  readonly passwordHash?: string;
}

/** What a token proves when it is used. */
export interface RedeemedToken {
  readonly userId: string;
  readonly kind: OneTimeTokenKind;
  readonly passwordHash: string | undefined;
}

/** Makes and takes single-use tokens. Their hashes alone are stored (SR-56). */
export class OneTimeTokenStore {
  readonly #database: Kysely<DatabaseSchema>;
  readonly #now: () => number;

  constructor(database: Kysely<DatabaseSchema>, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /**
   * Makes a token, or none when the account got as many as it may within the hour, or is none. Two at once are counted
   * in turn.
   */
  issue({ userId, kind, passwordHash }: NewOneTimeToken): Promise<string | undefined> {
    return this.#database.transaction().execute(async (transaction) => {
      const now = this.#now();
      const owner = transaction.selectFrom('users').select('id').where('id', '=', userId).forUpdate();
      const isKnown = (await owner.executeTakeFirst()) !== undefined;
      const made = await this.#forgetAndCount(transaction, userId, now);
      if (!isKnown || made >= MAX_TOKENS_PER_HOUR) return undefined;
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      await transaction
        .insertInto('one_time_tokens')
        .values({
          token_hash: hashOf(token),
          user_id: userId,
          kind,
          password_hash: passwordHash ?? null,
          created_at: new Date(now),
          expires_at: new Date(now + TOKEN_TTL_MS),
          used_at: null,
        })
        .execute();
      return token;
    });
  }

  /** Whose token it is, while it can be used; using it is another step, which may still fail. */
  async find(token: string, kinds: readonly OneTimeTokenKind[]): Promise<string | undefined> {
    const row = await this.#database
      .selectFrom('one_time_tokens')
      .select('user_id')
      .where('token_hash', '=', hashOf(token))
      .where('kind', 'in', kinds)
      .where('used_at', 'is', null)
      .where('expires_at', '>', new Date(this.#now()))
      .executeTakeFirst();
    return row?.user_id;
  }

  /** The password hash that came with a token, while it can be used. */
  async findPasswordHash(token: string, kind: OneTimeTokenKind): Promise<string | undefined> {
    const row = await this.#database
      .selectFrom('one_time_tokens')
      .select('password_hash')
      .where('token_hash', '=', hashOf(token))
      .where('kind', '=', kind)
      .where('used_at', 'is', null)
      .where('expires_at', '>', new Date(this.#now()))
      .executeTakeFirst();
    return row?.password_hash ?? undefined;
  }

  /**
   * Uses a token up, inside the transaction of what it is used for. One statement: of any number of simultaneous users
   * exactly one gets it. All other tokens of the account end with it.
   */
  async redeem(
    transaction: Transaction<DatabaseSchema>,
    token: string,
    kinds: readonly OneTimeTokenKind[],
  ): Promise<RedeemedToken | undefined> {
    const now = new Date(this.#now());
    const row = await transaction
      .updateTable('one_time_tokens')
      .set({ used_at: now })
      .where('token_hash', '=', hashOf(token))
      .where('kind', 'in', kinds)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .returning(['user_id', 'kind', 'password_hash'])
      .executeTakeFirst();
    if (row === undefined) return undefined;
    await this.endAll(row.user_id, transaction);
    return { userId: row.user_id, kind: row.kind, passwordHash: row.password_hash ?? undefined };
  }

  /** Ends every token of an account, inside the transaction of what makes them unwanted. */
  async endAll(userId: string, transaction: Transaction<DatabaseSchema>): Promise<void> {
    await transaction
      .updateTable('one_time_tokens')
      .set({ used_at: new Date(this.#now()) })
      .where('user_id', '=', userId)
      .where('used_at', 'is', null)
      .execute();
  }

  /**
   * Deletes so many tokens at most that are counted no more, of any account, and answers how many (SR-80). One that is in
   * use just now is left out.
   */
  async deleteExpired(maxRows: number): Promise<number> {
    const { numDeletedRows } = await this.#database
      // Of its own, so that it runs once: as a condition of the deletion it could run for each row, each time with others.
      .with('expired', (database) =>
        database
          .selectFrom('one_time_tokens')
          .select('token_hash')
          .where('created_at', '<=', new Date(this.#now() - HOUR_MS))
          .orderBy('created_at')
          .limit(maxRows)
          .forUpdate()
          .skipLocked(),
      )
      .deleteFrom('one_time_tokens')
      .using('expired')
      .whereRef('one_time_tokens.token_hash', '=', 'expired.token_hash')
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  }

  async #forgetAndCount(transaction: Transaction<DatabaseSchema>, userId: string, now: number): Promise<number> {
    const hourAgo = new Date(now - HOUR_MS);
    await transaction
      .deleteFrom('one_time_tokens')
      .where('user_id', '=', userId)
      .where('created_at', '<=', hourAgo)
      .execute();
    const { count } = await transaction
      .selectFrom('one_time_tokens')
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow();
    return Number(count);
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
