import type { AppDependencies } from '../app-dependencies.ts';
import type { Settings } from '../settings.ts';
import { createFirstAdministrator } from './first-administrator.ts';
import { LocalState } from './local-state.ts';

/** The settings with a signing key, made on the first start. */
export async function completeWithKey(settings: Settings, directory: string): Promise<Settings> {
  const SIGNING_KEY = settings.SIGNING_KEY ?? (await new LocalState(directory).ensureSigningKey());
  return { ...settings, SIGNING_KEY };
}

/** The settings with the signing key that an earlier start made, if one did. */
export async function completeWithFoundKey(settings: Settings, directory: string): Promise<Settings> {
  const SIGNING_KEY = settings.SIGNING_KEY ?? (await new LocalState(directory).findSigningKey());
  return SIGNING_KEY === undefined ? settings : { ...settings, SIGNING_KEY };
}

/** Makes the administrator when there is none, and tells the password once. */
export async function letAdministratorIn(dependencies: AppDependencies, directory: string): Promise<readonly string[]> {
  const state = new LocalState(directory);
  const { credentials, isNew } = await createFirstAdministrator(state, dependencies);
  return isNew
    ? [
        `Administrator ${credentials.email} with the password ${credentials.password} (kept in ${state.administratorFile})`,
      ]
    : [];
}
