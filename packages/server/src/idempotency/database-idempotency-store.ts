import { isLockTimeout } from '@redoubt/storage';
import type { FastifyRequest } from 'fastify';
import type { Kysely, Transaction } from 'kysely';

import type {
  IdempotencyOutcome,
  IdempotencyScope,
  IdempotencyStore,
  StoredAnswer,
} from '../pipeline/09-idempotency.ts';

/** How long a key is remembered: 24 hours (SR-41). Afterwards it may be used for another request. */
const IDEMPOTENCY_RETENTION_MS = 24 * 60 * 60 * 1000;

/**
 * How much longer than that the row stays: an hour. A request that has just found a key in time, on a replica whose clock
 * is behind, must not find it gone.
 */
const DELETION_DELAY_MS = 60 * 60 * 1000;

/** The table that an application's migrations create for the keys. */
export interface IdempotencyTable {
  user_id: string;
  route: string;
  key: string;
  fingerprint: string;
  status: number | null;
  location: string | null;
  body: string | null;
  created_at: Date;
}

/** What a database must hold to remember keys. */
export interface IdempotencySchema {
  idempotency_keys: IdempotencyTable;
}

type Row = Pick<IdempotencyTable, 'fingerprint' | 'status' | 'location' | 'body'>;

/**
 * Keeps keys in the application's own database, so that a key, the write and the answer are one commit: a process that
 * dies in the middle leaves nothing behind, and the retry runs once (SR-41).
 */
export class DatabaseIdempotencyStore<Schema extends IdempotencySchema> implements IdempotencyStore {
  readonly #database: Kysely<Schema>;
  readonly #now: () => number;
  readonly #transactions = new WeakMap<FastifyRequest, Transaction<Schema>>();
  readonly #afterCommit = new WeakMap<FastifyRequest, readonly (() => void)[]>();

  /** `now` answers milliseconds since the epoch. */
  constructor(database: Kysely<Schema>, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /**
   * The transaction that the handler of an `idempotency: 'required'` route writes through. Throws a `TypeError` for a
   * request of any other route.
   */
  transactionOf(request: FastifyRequest): Transaction<Schema> {
    const transaction = this.#transactions.get(request);
    if (transaction === undefined) throw new TypeError("only a route with idempotency: 'required' has a transaction");
    return transaction;
  }

  /**
   * Calls `tell` once the write of this request has been committed, and never when it was rolled back or replayed: for
   * events about what has happened.
   */
  afterCommit(request: FastifyRequest, tell: () => void): void {
    this.#afterCommit.set(request, [...(this.#afterCommit.get(request) ?? []), tell]);
  }

  /**
   * Deletes so many keys at most that are remembered no more, and answers how many (SR-80). A key that a request takes over
   * just now is left to it.
   */
  async deleteExpired(maxRows: number): Promise<number> {
    const before = new Date(this.#now() - IDEMPOTENCY_RETENTION_MS - DELETION_DELAY_MS);
    const { numDeletedRows } = await (this.#database as unknown as Kysely<IdempotencySchema>)
      // Of its own, so that it runs once: as a condition of the deletion it could run for each row, each time with others.
      .with('expired', (database) =>
        database
          .selectFrom('idempotency_keys')
          .select(['user_id', 'route', 'key'])
          .where('created_at', '<', before)
          .orderBy('created_at')
          .limit(maxRows)
          .forUpdate()
          .skipLocked(),
      )
      .deleteFrom('idempotency_keys')
      .using('expired')
      .whereRef('idempotency_keys.user_id', '=', 'expired.user_id')
      .whereRef('idempotency_keys.route', '=', 'expired.route')
      .whereRef('idempotency_keys.key', '=', 'expired.key')
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  }

  async run(
    request: FastifyRequest,
    scope: IdempotencyScope,
    execute: () => Promise<StoredAnswer>,
  ): Promise<IdempotencyOutcome> {
    const outcome = await this.#runInTransaction(request, scope, execute);
    if (outcome.kind === 'executed') for (const tell of this.#afterCommit.get(request) ?? []) tell();
    return outcome;
  }

  async #runInTransaction(
    request: FastifyRequest,
    scope: IdempotencyScope,
    execute: () => Promise<StoredAnswer>,
  ): Promise<IdempotencyOutcome> {
    try {
      return await this.#database.transaction().execute(async (transaction) => {
        this.#transactions.set(request, transaction);
        // The application's schema holds ours and more; only ours is used from here on.
        return runInside(transaction as unknown as Transaction<IdempotencySchema>, scope, execute, this.#now());
      });
    } catch (error) {
      if (error instanceof KeyHeldError) return { kind: 'in-flight' };
      throw error;
    }
  }
}

/** The first request with a key holds its row for longer than the database lets anybody wait. */
class KeyHeldError extends Error {
  override readonly name = 'KeyHeldError';
}

async function runInside(
  transaction: Transaction<IdempotencySchema>,
  scope: IdempotencyScope,
  execute: () => Promise<StoredAnswer>,
  nowMs: number,
): Promise<IdempotencyOutcome> {
  const claimed = await claim(transaction, scope, nowMs).catch((error: unknown) => {
    throw isLockTimeout(error) ? new KeyHeldError('the key is in use', { cause: error }) : error;
  });
  if (!claimed) return recall(transaction, scope);
  const answer = await execute();
  await transaction
    .updateTable('idempotency_keys')
    .set({ status: answer.status, location: answer.location ?? null, body: answer.body })
    .where('user_id', '=', scope.userId)
    .where('route', '=', scope.route)
    .where('key', '=', scope.key)
    .execute();
  return { kind: 'executed', answer };
}

/** Takes the key if it is free or expired. Another request that holds it makes this one wait for its commit. */
async function claim(
  transaction: Transaction<IdempotencySchema>,
  scope: IdempotencyScope,
  nowMs: number,
): Promise<boolean> {
  const claimed = await transaction
    .insertInto('idempotency_keys')
    .values({
      user_id: scope.userId,
      route: scope.route,
      key: scope.key,
      fingerprint: scope.fingerprint,
      created_at: new Date(nowMs),
    })
    .onConflict((conflict) =>
      conflict
        .columns(['user_id', 'route', 'key'])
        .doUpdateSet({
          fingerprint: scope.fingerprint,
          created_at: new Date(nowMs),
          status: null,
          location: null,
          body: null,
        })
        .where('idempotency_keys.created_at', '<', new Date(nowMs - IDEMPOTENCY_RETENTION_MS)),
    )
    .returning('key')
    .executeTakeFirst();
  return claimed !== undefined;
}

async function recall(
  transaction: Transaction<IdempotencySchema>,
  scope: IdempotencyScope,
): Promise<IdempotencyOutcome> {
  const row: Row = await transaction
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'status', 'location', 'body'])
    .where('user_id', '=', scope.userId)
    .where('route', '=', scope.route)
    .where('key', '=', scope.key)
    .executeTakeFirstOrThrow();
  if (row.fingerprint !== scope.fingerprint) return { kind: 'mismatch' };
  if (row.status === null || row.body === null) return { kind: 'in-flight' };
  return { kind: 'replayed', answer: { status: row.status, location: row.location ?? undefined, body: row.body } };
}
