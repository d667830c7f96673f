import type { AppDependencies } from '../app-dependencies.ts';
import { OneTimeTokenStore } from '../one-time-tokens/one-time-token-store.ts';
import { AccountEvents } from '../security-events/account-events.ts';
import type { EmailAddress } from './email-address.ts';
import { type UserRow, UserStore } from './user-store.ts';

/** Why nobody is invited, as the person reads it who asked. */
const refusals = {
  'no-administrator':
    'The address belongs to an account that is no administrator. Name another address, or let an administrator change its role.',
  disabled: 'The account of this address is disabled. Another administrator can enable it.',
  'has-password':
    'The administrator has chosen a password. Who forgot it gets a mail by POST /api/auth/password/forgot.',
  'too-many-tokens':
    'The account got all the tokens that it may get in an hour. Wait for the oldest one to be an hour old.',
} as const;

/** Who is invited, or why nobody is. */
export type Invitation =
  | { readonly kind: 'invited'; readonly token: string; readonly account: 'made' | 'found' }
  | { readonly kind: 'refused'; readonly refusal: keyof typeof refusals; readonly explanation: string };

/** What an invitation needs. */
export type InvitationDependencies = Pick<
  AppDependencies,
  'database' | 'now' | 'createId' | 'securityEvents' | 'eventLimiter'
>;

/**
 * Makes an administrator without a password, or finds one that has chosen none yet, and makes a token with which
 * whoever holds it chooses the password, once (SR-56). An account that somebody uses already is left alone: neither does
 * a user become an administrator here, nor does an administrator lose a password.
 *
 * @throws {Error} when the audit trail does not take what was done: there is no token then (SR-45).
 */
export async function inviteAdministrator(
  dependencies: InvitationDependencies,
  email: EmailAddress,
): Promise<Invitation> {
  const { database, now } = dependencies;
  const { row, account } = await makeOrFind(dependencies, email);
  const refusal = refusalOf(row);
  if (refusal !== undefined) return refused(refusal);
  await record(dependencies, row, account);
  const token = await new OneTimeTokenStore(database.kysely, now).issue({ userId: row.id, kind: 'invite' });
  return token === undefined ? refused('too-many-tokens') : { kind: 'invited', token, account };
}

async function makeOrFind(
  { database, now, createId }: InvitationDependencies,
  email: EmailAddress,
): Promise<{ row: UserRow; account: 'made' | 'found' }> {
  const users = new UserStore(database.kysely);
  const made = await users.insert({ id: createId(), email, role: 'admin', createdAt: new Date(now()) });
  const row = made ?? (await users.findByEmail(email));
  // Accounts are never deleted: what was there a moment ago is there now.
  if (row === undefined) throw new Error('the address is taken, and by nobody');
  return { row, account: made === undefined ? 'found' : 'made' };
}

function refusalOf(row: UserRow): keyof typeof refusals | undefined {
  if (row.role !== 'admin') return 'no-administrator';
  if (row.disabled_at !== null) return 'disabled';
  return row.password_hash === null ? undefined : 'has-password';
}

function refused(refusal: keyof typeof refusals): Invitation {
  return { kind: 'refused', refusal, explanation: refusals[refusal] };
}

/** Waits until the audit trail has it: a way in that nobody was told of must not be opened. */
async function record(dependencies: InvitationDependencies, row: UserRow, account: 'made' | 'found'): Promise<void> {
  const { securityEvents } = dependencies;
  const events = new AccountEvents(dependencies);
  const lost = (): number => securityEvents.counts.failed + securityEvents.counts.dropped;
  const lostBefore = lost();
  if (account === 'made') events.userCreated('command', row);
  else events.userUpdated('command', row, { change: 'invited' });
  await securityEvents.settled();
  if (lost() > lostBefore) throw new Error('the audit trail did not take the event, and nobody was invited');
}
