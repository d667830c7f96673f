import { findSignedCallerFaults, type SignedCaller } from '@redoubt/auth';
import { type SettingFault, SettingsError } from '@redoubt/config';
import {
  parseSecretReference,
  type Secret,
  SecretError,
  type SecretReference,
  SecretReferenceError,
  type SecretResolver,
} from '@redoubt/secrets';

import { faultAt, readSettingsFile } from '../settings-files/settings-file.ts';
import type { ServiceSettings } from '../settings/service-settings.ts';
import { type SignedCallerEntry, SignedCallers } from './signed-callers-schema.ts';

const SETTING = 'SIGNED_CALLERS_FILE';

/**
 * Reads the keys of services that sign their requests, and fetches the shared secrets among them; none when no file is
 * named. Throws `SettingsError` with the faults of the file: of its form, then of its secrets, then of its keys, each
 * with its place and without a value (SR-51, SR-53).
 */
export async function readSignedCallers(
  settings: ServiceSettings,
  secrets: SecretResolver,
): Promise<readonly SignedCaller[]> {
  const path = settings[SETTING];
  if (path === undefined) return [];
  const example = 'docs/decisions/016-signed-requests.md';
  const entries = await readSettingsFile({ setting: SETTING, path, schema: SignedCallers, example });
  const callers = await withSecrets(entries, secrets);
  const faults = findSignedCallerFaults(callers, { edges: settings.ALLOWED_EDGES });
  throwAny(faults.map(({ pointer, expected }) => faultAt(SETTING, pointer, expected)));
  return callers;
}

async function withSecrets(
  entries: readonly SignedCallerEntry[],
  secrets: SecretResolver,
): Promise<readonly SignedCaller[]> {
  const faults: SettingFault[] = [];
  const callers: SignedCaller[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry.algorithm === 'ed25519') {
      callers.push(entry);
      continue;
    }
    const secret = await readSecret(entry.secret, secrets);
    if (typeof secret === 'string') faults.push(faultAt(SETTING, `/${index}/secret`, secret));
    else callers.push({ ...entry, secret });
  }
  throwAny(faults);
  return callers;
}

/** The secret, or what was expected in its place: which schemes production refuses is the resolver's to know. */
async function readSecret(text: string, secrets: SecretResolver): Promise<Secret | string> {
  const reference = parseReference(text);
  if (reference === undefined) return 'where the secret is, such as file:///run/secrets/billing';
  try {
    return await secrets.resolve(reference);
  } catch (error) {
    // A source that is away is no fault of the file.
    if (error instanceof SecretError && !error.isTransient) return `a secret that can be read, not ${error.code}`;
    throw error;
  }
}

function parseReference(text: string): SecretReference | undefined {
  try {
    return parseSecretReference(text);
  } catch (error) {
    if (error instanceof SecretReferenceError) return undefined;
    throw error;
  }
}

function throwAny(faults: readonly SettingFault[]): void {
  if (faults.length > 0) throw new SettingsError(faults);
}
