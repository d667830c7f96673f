import { randomUUID } from 'node:crypto';

import type { Mailer } from '@redoubt/mail';
import type { SharedStore } from '@redoubt/storage';

import type { AppDependencies, AppOptions } from '../app-dependencies.ts';
import { type OneTimeTokenKind, OneTimeTokenStore } from '../one-time-tokens/one-time-token-store.ts';
import type { EmailAddress } from '../users/email-address.ts';
import { type UserRow, UserStore } from '../users/user-store.ts';
import {
  alreadyRegisteredMessage,
  confirmationMessage,
  invitationMessage,
  type MessageContent,
  resetMessage,
} from './messages.ts';

const HOUR_MS = 60 * 60_000;
/** As many as tokens (SR-56). */
const MAX_NOTICES_PER_HOUR = 3;

/** What mails to account holders are made from. */
export type AccountMailDependencies = Pick<AppDependencies, 'database' | 'sharedStore' | 'now' | 'mailer'>;

const messages = { confirm: confirmationMessage, reset: resetMessage, invite: invitationMessage };

/**
 * The mails of an account. Each looks up the account itself, so that a request does the same whether or not there is
 * one, and each is a token of the three that an account gets in an hour (SR-56).
 */
export class AccountMail {
  readonly #users: UserStore;
  readonly #tokens: OneTimeTokenStore;
  readonly #mailer: Mailer;
  readonly #sharedStore: SharedStore;
  readonly #publicUrl: string;

  constructor(dependencies: AccountMailDependencies, { publicUrl }: Pick<AppOptions, 'publicUrl'>) {
    const { database, now, mailer, sharedStore } = dependencies;
    this.#sharedStore = sharedStore;
    this.#users = new UserStore(database.kysely);
    this.#tokens = new OneTimeTokenStore(database.kysely, now);
    this.#mailer = mailer;
    this.#publicUrl = publicUrl;
  }

  /** After a registration: a token for who has yet to confirm the address, a notice for who has an account. */
  async sendAfterRegistration(email: EmailAddress, passwordHash: string): Promise<void> {
    const row = await this.#users.findByEmail(email);
    if (row === undefined || row.disabled_at !== null) return;
    // Made by an administrator: whoever reads the mail chooses the password, not who registered the address.
    if (row.password_hash === null) return this.#sendToken(row, 'invite');
    if (row.confirmed_at === null) return this.#sendToken(row, 'confirm', passwordHash);
    if (await this.#mayNotify(row)) await this.#send(row, alreadyRegisteredMessage({ publicUrl: this.#publicUrl }), []);
  }

  /** To whoever forgot the password, if the address has an account that may sign in or may yet be confirmed. */
  async sendReset(email: EmailAddress): Promise<void> {
    const row = await this.#users.findByEmail(email);
    const isServed = row !== undefined && row.disabled_at === null;
    // For nobody, the same queries: requests that come meanwhile wait as long for the database and the process.
    if (isServed) await this.#sendToken(row, 'reset');
    else await this.#tokens.issue({ userId: randomUUID(), kind: 'reset' });
  }

  /** To somebody for whom an account was made; nothing when the making was rolled back. */
  async sendInvitation(email: EmailAddress): Promise<void> {
    const row = await this.#users.findByEmail(email);
    if (row?.password_hash === null && row.disabled_at === null) await this.#sendToken(row, 'invite');
  }

  /** A notice is no token, and is counted by itself: nobody fills a mailbox by registering its address. */
  async #mayNotify({ id }: UserRow): Promise<boolean> {
    const { count } = await this.#sharedStore.increment(`mail:registered:${id}`, HOUR_MS);
    return count <= MAX_NOTICES_PER_HOUR;
  }

  async #sendToken(row: UserRow, kind: OneTimeTokenKind, passwordHash?: string): Promise<void> {
    const withPassword = passwordHash === undefined ? {} : { passwordHash };
    const token = await this.#tokens.issue({ userId: row.id, kind, ...withPassword });
    if (token === undefined) return;
    await this.#send(row, messages[kind]({ publicUrl: this.#publicUrl, token }), [token]);
  }

  #send({ email }: UserRow, content: MessageContent, secrets: readonly string[]): Promise<void> {
    return this.#mailer.send({ to: email, ...content, secrets });
  }
}
