import type { AppDependencies } from '../app-dependencies.ts';
import { normalizeEmailAddress } from '../users/email-address.ts';
import { UserStore } from '../users/user-store.ts';
import type { AdministratorCredentials, LocalState } from './local-state.ts';

/**
 * Makes the administrator of a development start when there is none: the credentials on the first start, the account
 * whenever the database is new.
 */
export async function createFirstAdministrator(
  state: LocalState,
  {
    database,
    passwordHasher,
    createId,
    now,
  }: Pick<AppDependencies, 'database' | 'passwordHasher' | 'createId' | 'now'>,
): Promise<{ credentials: AdministratorCredentials; isNew: boolean }> {
  const administrator = await state.ensureAdministrator();
  const users = new UserStore(database.kysely);
  const email = normalizeEmailAddress(administrator.credentials.email);
  if ((await users.findByEmail(email)) !== undefined) return administrator;
  const createdAt = new Date(now());
  const passwordHash = await passwordHasher.rehash(administrator.credentials.password);
  await users.insert({ id: createId(), email, role: 'admin', passwordHash, createdAt, confirmedAt: createdAt });
  return administrator;
}
