import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseProfile, type Profile } from '@redoubt/config';

import { UsageError } from './usage-error.ts';

/** The places of docs/profiles.md, each a file of deploy/profiles. */
export const profileNames = ['start-up', 'enterprise', 'legacy', 'high-throughput'] as const;

/**
 * Where the files stand: beside `dist/` in an image, where nothing above it may even be looked for (SR-20), and that is why
 * it is the first; in the repository, from `dist/` of a service and from the sources on.
 */
const places = [
  join(import.meta.dirname, '..', 'profiles'),
  join(import.meta.dirname, '..', '..', '..', 'deploy', 'profiles'),
  join(import.meta.dirname, '..', '..', '..', '..', 'deploy', 'profiles'),
];

/**
 * Reads the profile of this name.
 *
 * @throws {UsageError} for a name that no profile has; it says which there are.
 */
export async function readProfile(name: string | undefined): Promise<Profile> {
  const known = profileNames.find((each) => each === name);
  if (known === undefined) throw new UsageError(`--profile is one of ${profileNames.join(', ')}`);
  const directory = places.find((place) => existsSync(place));
  if (directory === undefined) throw new TypeError('the profiles are missing: they stand beside the bundle');
  return parseProfile(known, await readFile(join(directory, `${known}.env`), 'utf8'));
}

/** The profile that a command line asks for with `--profile <name>`, if any. */
export async function readAskedProfile(args: readonly string[]): Promise<Profile | undefined> {
  const at = args.indexOf('--profile');
  return at === -1 ? undefined : readProfile(args[at + 1]);
}
