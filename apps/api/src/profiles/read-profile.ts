import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseProfile, type Profile } from '@redoubt/config';

import { profilesDirectory } from '../profiles-directory.ts';
import { UsageError } from '../usage-error.ts';

/** The scenarios of docs/profiles.md, each a file of deploy/profiles. */
export const profileNames = ['start-up', 'enterprise', 'legacy', 'high-throughput'] as const;

/**
 * Reads the profile of this name.
 *
 * @throws {UsageError} for a name that no profile has; it says which there are.
 */
export async function readProfile(name: string | undefined): Promise<Profile> {
  const known = profileNames.find((each) => each === name);
  if (known === undefined) throw new UsageError(`--profile is one of ${profileNames.join(', ')}`);
  return parseProfile(known, await readFile(join(profilesDirectory(), `${known}.env`), 'utf8'));
}

/** The profile that a command line asks for with `--profile <name>`, if any. */
export async function readAskedProfile(args: readonly string[]): Promise<Profile | undefined> {
  const at = args.indexOf('--profile');
  return at === -1 ? undefined : readProfile(args[at + 1]);
}
