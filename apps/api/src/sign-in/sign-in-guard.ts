import { randomUUID } from 'node:crypto';

import { AppError } from '@redoubt/server';
import type { Transaction } from 'kysely';

import type { AppDependencies } from '../app-dependencies.ts';
import type { DatabaseSchema } from '../database-schema.ts';
import { AccountEvents } from '../security-events/account-events.ts';
import type { EmailAddress } from '../users/email-address.ts';
import type { UserRow } from '../users/user-store.ts';
import { SignInFailureStore } from './sign-in-failure-store.ts';

/** Failures in a row after which a password signs in no more, until it is replaced by mail (NIST SP 800-63B-4, 3.2.2). */
const MAX_CONSECUTIVE_FAILURES = 100;

/** One attempt to sign in by password. */
export interface SignInAttempt {
  readonly clientAddress: string;
  readonly account: EmailAddress;
  readonly userId: string | undefined;
  /**
   * What the password is to be checked against: absent for an account that is unknown, locked or out of attempts. The
   * check then computes as much, and finds nothing (SR-14).
   */
  readonly passwordHash: string | undefined;
}

/**
 * Decides whether an attempt to sign in is looked at, and counts what became of it (SR-13). From outside a locked
 * account is a wrong password, in status, body, headers and work done; only the limit of an address, which tells of no
 * account, is answered as what it is.
 */
export class SignInGuard {
  readonly #dependencies: Pick<AppDependencies, 'signInThrottle' | 'securityEvents'>;
  readonly #failures: SignInFailureStore;
  readonly #events: AccountEvents;

  constructor(dependencies: Pick<AppDependencies, 'signInThrottle' | 'securityEvents' | 'eventLimiter' | 'database'>) {
    this.#events = new AccountEvents(dependencies);
    this.#dependencies = dependencies;
    this.#failures = new SignInFailureStore(dependencies.database.kysely);
  }

  /**
   * Asked before the password is checked.
   *
   * @throws {AppError} `too-many-requests` when the address has to wait.
   */
  async begin(clientAddress: string, account: EmailAddress, row: UserRow | undefined): Promise<SignInAttempt> {
    const { signInThrottle } = this.#dependencies;
    const [admission, isDisabled] = await Promise.all([
      signInThrottle.admit({ clientAddress, account }),
      this.#isDisabled(row?.id),
    ]);
    if (admission.kind === 'address-locked') {
      this.#events.passwordRefused({ clientAddress }, { account, userId: row?.id }, 'address-locked');
      throw new AppError('too-many-requests', { retryAfterSeconds: admission.retryAfterSeconds });
    }
    const passwordHash = admission.kind === 'locked' || isDisabled ? undefined : (row?.password_hash ?? undefined);
    return { clientAddress, account, userId: row?.id, passwordHash };
  }

  /** Told whether the account may sign in with the password; answers whether it does. */
  async settle(attempt: SignInAttempt, outcome: 'right' | 'wrong'): Promise<boolean> {
    if (outcome === 'right' && !(await this.#wasLockedMeanwhile(attempt))) {
      await this.#succeed(attempt);
      return true;
    }
    await this.#fail(attempt, outcome);
    return false;
  }

  /** Lets a password sign in again whose account had too many failures in a row, together with its replacement. */
  forgetFailures(userId: string, transaction: Transaction<DatabaseSchema>): Promise<void> {
    return new SignInFailureStore(transaction).reset(userId);
  }

  /** Ends the locks of an account whose owner has shown the mailbox. */
  async forgetLocks(account: EmailAddress): Promise<void> {
    await this.#dependencies.signInThrottle.forget(account);
  }

  async #isDisabled(userId: string | undefined): Promise<boolean> {
    // An account that does not exist is asked for as well: a query more or less can be measured.
    return (await this.#failures.countOf(userId ?? randomUUID())) >= MAX_CONSECUTIVE_FAILURES;
  }

  /** Of many guesses at once all are admitted before the first one fails. */
  async #wasLockedMeanwhile({ account, userId }: SignInAttempt): Promise<boolean> {
    const [locked, disabled] = await Promise.all([
      this.#dependencies.signInThrottle.isLocked(account),
      this.#isDisabled(userId),
    ]);
    return locked || disabled;
  }

  async #succeed({ account, userId = '', clientAddress }: SignInAttempt): Promise<void> {
    const { signInThrottle, securityEvents } = this.#dependencies;
    const [failedBefore, failures] = await Promise.all([
      signInThrottle.forget(account),
      this.#failures.countOf(userId),
    ]);
    if (failures > 0) await this.#failures.reset(userId);
    if (failedBefore || failures > 0)
      securityEvents.raise('authn_login_successafterfail', { actorId: userId, clientAddress });
  }

  async #fail(attempt: SignInAttempt, outcome: 'right' | 'wrong'): Promise<void> {
    const { account, clientAddress, userId, passwordHash } = attempt;
    const wasGuess = outcome === 'wrong' && passwordHash !== undefined && userId !== undefined;
    const [{ accountLocked, addressLocked }, failures] = await Promise.all([
      this.#dependencies.signInThrottle.failed({ clientAddress, account }),
      wasGuess ? this.#failures.add(userId) : this.#failures.countOf(userId ?? randomUUID()),
    ]);
    if (accountLocked) this.#raiseLock(attempt, 'too many failures in a short time');
    if (wasGuess && failures === MAX_CONSECUTIVE_FAILURES) this.#raiseLock(attempt, 'too many failures in a row');
    if (addressLocked) this.#events.limited(attempt, 'failed sign-ins of an address');
  }

  #raiseLock({ userId, clientAddress }: SignInAttempt, reason: string): void {
    const subject = userId === undefined ? {} : { subjectId: userId };
    this.#dependencies.securityEvents.raise('authn_login_lock', { ...subject, clientAddress, details: { reason } });
  }
}
