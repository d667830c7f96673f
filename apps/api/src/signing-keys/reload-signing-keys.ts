import process from 'node:process';

import { importSigningKeySchedule, type KeyRotation, SigningKeyError, SigningKeyScheduleError } from '@redoubt/auth';
import type { Logger } from '@redoubt/logging';
import { type Secret, SecretError } from '@redoubt/secrets';

/** How much of a key's id is logged: the whole looks like a token, and is redacted. */
const LOGGED_ID_CHARACTERS = 8;

/** What a reload needs. */
export interface SigningKeyReload {
  readonly rotation: KeyRotation;
  /** Reads the secret of `SIGNING_KEY` anew. */
  readonly read: () => Promise<Secret>;
  readonly logger: Logger;
}

/**
 * Takes the signing keys that the secret holds now, without a restart (SR-52). A secret that cannot be had or used
 * changes nothing: the log says why, and the service goes on with the keys that it has. Never rejects for one.
 */
export async function reloadSigningKeys({ rotation, read, logger }: SigningKeyReload): Promise<void> {
  try {
    rotation.load(await importSigningKeySchedule(await read()));
    const { kid } = rotation.keyRing.signingKey();
    const keys = rotation.keyRing.publicJwks().keys.length;
    logger.info({ keys, signing: kid.slice(0, LOGGED_ID_CHARACTERS) }, 'the signing keys were read again');
  } catch (error) {
    if (!isRefusal(error)) throw error;
    logger.error({ reason: error.message }, 'the signing keys stay as they are: the secret was refused');
  }
}

/** Reloads the signing keys each time that the process is told to: `kill -HUP`. */
export function reloadSigningKeysOnSignal(reload: SigningKeyReload): void {
  process.on('SIGHUP', () => {
    void reloadSigningKeys(reload);
  });
}

function isRefusal(error: unknown): error is Error {
  return error instanceof SecretError || error instanceof SigningKeyError || error instanceof SigningKeyScheduleError;
}
