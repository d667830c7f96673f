import {
  createKeyRotation,
  importSigningKeySchedule,
  type KeyRing,
  type KeyRotation,
  SigningKeyError,
  SigningKeyScheduleError,
} from '@redoubt/auth';
import type { Logger } from '@redoubt/logging';
import type { LiveSecret } from '@redoubt/secrets';

/** How much of a key's id is logged: the whole looks like a token, and is redacted. */
const LOGGED_ID_CHARACTERS = 8;

/** Who follows what. */
export interface SigningKeyFollowing {
  readonly rotation: KeyRotation;
  /** The secret of `SIGNING_KEY`. */
  readonly signingKey: LiveSecret;
  readonly logger: Logger;
}

/**
 * Takes the signing keys of the secret each time that it changes, without a restart (SR-52), one change after the other.
 * A secret that cannot be used changes nothing: the log says why, and the service goes on with the keys that it has.
 */
export function followSigningKeys(following: SigningKeyFollowing): void {
  let last = Promise.resolve();
  following.signingKey.subscribe(() => (last = last.then(() => takeSigningKeys(following))));
}

/**
 * Makes the key ring of a secret, and has it follow the secret from then on. Rejects with `SigningKeyError` or
 * `SigningKeyScheduleError` for a secret that holds no keys of this service.
 */
export async function openSigningKeys(signingKey: LiveSecret, logger: Logger): Promise<KeyRing> {
  const read = signingKey.current();
  const rotation = createKeyRotation({ keys: await importSigningKeySchedule(read) });
  const following = { rotation, signingKey, logger };
  followSigningKeys(following);
  // What changed while the first keys were imported was nobody's to take.
  if (signingKey.current() !== read) await takeSigningKeys(following);
  return rotation.keyRing;
}

async function takeSigningKeys({ rotation, signingKey, logger }: SigningKeyFollowing): Promise<void> {
  try {
    rotation.load(await importSigningKeySchedule(signingKey.current()));
    const { kid } = rotation.keyRing.signingKey();
    const keys = rotation.keyRing.publicJwks().keys.length;
    logger.info({ keys, signing: kid.slice(0, LOGGED_ID_CHARACTERS) }, 'the signing keys were read again');
  } catch (error) {
    if (!(error instanceof SigningKeyError || error instanceof SigningKeyScheduleError)) throw error;
    logger.error({ reason: error.message }, 'the signing keys stay as they are: the secret was refused');
  }
}
