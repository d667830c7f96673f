import type { Kysely, Selectable, Transaction } from 'kysely';

import type { DatabaseSchema, UsersTable } from '../database-schema.ts';
import type { EmailAddress } from './email-address.ts';

/** A row of the table of accounts. */
export type UserRow = Selectable<UsersTable>;

/** What a new account is made of. */
export interface NewUserRow {
  readonly id: string;
  readonly email: EmailAddress;
  readonly role: UsersTable['role'];
  readonly createdAt: Date;
  readonly passwordHash?: string;
  readonly age?: number | undefined;
  readonly confirmedAt?: Date;
}

/** What a session needs to know of an account that may sign in. */
export interface SessionAccount {
  readonly role: UsersTable['role'];
  readonly passwordHash: string | null;
}

/** What an administrator changes; what is absent stays. */
export interface UserChanges {
  readonly role?: UsersTable['role'];
  readonly age?: number;
  readonly disabledAt?: Date | null;
}

/** Reads and writes accounts, on a database or inside a transaction. */
export class UserStore {
  readonly #database: Kysely<DatabaseSchema>;

  constructor(database: Kysely<DatabaseSchema>) {
    this.#database = database;
  }

  /** The new row, or `undefined` when the address is taken. */
  insert(user: NewUserRow): Promise<UserRow | undefined> {
    return this.#database
      .insertInto('users')
      .values({
        id: user.id,
        email: user.email,
        password_hash: user.passwordHash ?? null,
        role: user.role,
        age: user.age ?? null,
        confirmed_at: user.confirmedAt ?? null,
        disabled_at: null,
        created_at: user.createdAt,
      })
      .onConflict((conflict) => conflict.column('email').doNothing())
      .returningAll()
      .executeTakeFirst();
  }

  findById(id: string): Promise<UserRow | undefined> {
    return this.#database.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
  }

  findByEmail(email: EmailAddress): Promise<UserRow | undefined> {
    return this.#database.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst();
  }

  /** The accounts after `cursor`, oldest first: ids are UUIDv7 and sort by time. */
  list(limit: number, cursor: string | undefined): Promise<UserRow[]> {
    const all = this.#database.selectFrom('users').selectAll().orderBy('id').limit(limit);
    return (cursor === undefined ? all : all.where('id', '>', cursor)).execute();
  }

  /**
   * The account and every administrator, of whom nobody else changes one until the transaction ends: two that
   * disable each other at once come one after the other. Locked in one order, so that neither waits for the other.
   */
  lockWithAdministrators(id: string): Promise<UserRow[]> {
    return this.#database
      .selectFrom('users')
      .selectAll()
      .where((row) =>
        row.or([row('id', '=', id), row.and([row('role', '=', 'admin'), row('disabled_at', 'is', null)])]),
      )
      .orderBy('id')
      .forUpdate()
      .execute();
  }

  update(id: string, { role, age, disabledAt }: UserChanges): Promise<UserRow> {
    return this.#database
      .updateTable('users')
      .set({
        ...(role === undefined ? {} : { role }),
        ...(age === undefined ? {} : { age }),
        ...(disabledAt === undefined ? {} : { disabled_at: disabledAt }),
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /**
   * Locks the row of an account until the transaction ends. Whatever changes an account together with its tokens or
   * sessions locks the account first: in another order, two that meet would wait for each other.
   */
  async lock(id: string): Promise<void> {
    await this.#database.selectFrom('users').select('id').where('id', '=', id).forUpdate().execute();
  }

  /** Stores that the address is its owner's, and the password chosen with it; one confirmed before stays so. */
  async confirm(id: string, confirmedAt: Date, passwordHash: string | undefined): Promise<void> {
    await this.#database
      .updateTable('users')
      .set(({ fn, val }) => ({
        confirmed_at: fn.coalesce('confirmed_at', val(confirmedAt)),
        ...(passwordHash === undefined ? {} : { password_hash: passwordHash }),
      }))
      .where('id', '=', id)
      .execute();
  }

  /**
   * Replaces a stored hash by another, if it is still the one that was compared: whoever was slower must not undo what
   * a reset or another change has stored meanwhile. Answers whether it was.
   */
  async replacePasswordHash(id: string, compared: string, passwordHash: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#database
      .updateTable('users')
      .set({ password_hash: passwordHash })
      .where('id', '=', id)
      .where('password_hash', '=', compared)
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }
}

/** Reads an account that may sign in, and locks it for the session that begins or goes on. */
export async function lockSessionAccount(
  transaction: Transaction<DatabaseSchema>,
  id: string,
  lock: 'exclusive' | 'shared',
): Promise<SessionAccount | undefined> {
  const account = transaction
    .selectFrom('users')
    .select(['role', 'password_hash as passwordHash'])
    .where('id', '=', id)
    .where('confirmed_at', 'is not', null)
    .where('disabled_at', 'is', null);
  return (lock === 'exclusive' ? account.forUpdate() : account.forShare()).executeTakeFirst();
}
