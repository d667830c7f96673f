import { clientNetwork } from '@redoubt/auth';
import { raiseLimitExceeded, raiseTokenReuse } from '@redoubt/service';

import type { AppDependencies } from '../app-dependencies.ts';
import type { UsersTable } from '../database-schema.ts';
import type { EmailAddress } from '../users/email-address.ts';
import { accountPseudonym } from './account-pseudonym.ts';

/** What these events know of a request: where it came from. */
interface Source {
  readonly clientAddress: string;
}

/** Where it came from: nowhere, when a command did it. Whoever runs one is not known to the service. */
type SourceOrCommand = Source | 'command';

/** A password that was refused. */
export interface RefusedPassword {
  readonly account: EmailAddress;
  /** Of the account, when there is one. */
  readonly userId: string | undefined;
}

type Role = UsersTable['role'];

/**
 * The events of accounts that more than one route leads to, each raised here and nowhere else (SR-45). What only one
 * route leads to is raised there.
 */
export class AccountEvents {
  readonly #dependencies: Pick<AppDependencies, 'securityEvents' | 'eventLimiter'>;

  constructor(dependencies: Pick<AppDependencies, 'securityEvents' | 'eventLimiter'>) {
    this.#dependencies = dependencies;
  }

  /**
   * A password was looked at and refused; `address-locked`: it was not looked at, which anybody can bring about at will.
   */
  passwordRefused({ clientAddress }: Source, refused: RefusedPassword, reason?: 'address-locked'): void {
    const { securityEvents, eventLimiter } = this.#dependencies;
    const account = accountPseudonym(refused.account);
    if (reason !== undefined && !eventLimiter.admit('authn_login_fail', `${clientNetwork(clientAddress)} ${account}`))
      return;
    securityEvents.raise('authn_login_fail', {
      ...(refused.userId === undefined ? {} : { subjectId: refused.userId }),
      clientAddress,
      details: { account, ...(reason === undefined ? {} : { reason }) },
    });
  }

  /** An address that fails too often. */
  limited(source: Source, limit: string): void {
    raiseLimitExceeded(this.#dependencies.securityEvents, source, limit);
  }

  passwordChanged({ clientAddress }: Source, actorId: string, by: 'mail' | 'password'): void {
    this.#dependencies.securityEvents.raise('authn_password_change', { actorId, clientAddress, details: { by } });
  }

  tokensRevoked({ clientAddress }: Source, revoked: { reason: string; userId: string; sessions: number }): void {
    const { reason, userId: subjectId, sessions } = revoked;
    this.#dependencies.securityEvents.raise('authn_token_revoked', {
      subjectId,
      clientAddress,
      details: { reason, sessions },
    });
  }

  /** A refresh token came a second time. */
  tokenReused(source: Source, actorId: string | undefined, details: { readonly session: string }): void {
    raiseTokenReuse(this.#dependencies.securityEvents, source, actorId, details);
  }

  /** An account came into being; one that may do more than others was given that role. */
  userCreated(source: SourceOrCommand, user: { id: string; role: Role }, actorId?: string): void {
    this.#dependencies.securityEvents.raise('user_created', { ...told(source, actorId), subjectId: user.id });
    if (user.role !== 'user') this.roleChanged(source, user.id, { from: 'none', to: user.role });
  }

  userUpdated(source: SourceOrCommand, user: { id: string; actorId?: string }, details: UserUpdate): void {
    const { id: subjectId, actorId } = user;
    this.#dependencies.securityEvents.raise('user_updated', { ...told(source, actorId), subjectId, details });
  }

  roleChanged(source: SourceOrCommand, subjectId: string, details: { from: Role | 'none'; to: Role }): void {
    this.#dependencies.securityEvents.raise('authz_change', { ...told(source), subjectId, details });
  }
}

/** What was changed of an account. */
type UserUpdate =
  | { readonly change: 'confirmed' }
  | { readonly change: 'invited' }
  | { readonly change: 'by-administrator'; readonly disabled: boolean };

function told(source: SourceOrCommand, actorId?: string): { actorId?: string; clientAddress?: string } {
  return {
    ...(actorId === undefined ? {} : { actorId }),
    ...(source === 'command' ? {} : { clientAddress: source.clientAddress }),
  };
}
