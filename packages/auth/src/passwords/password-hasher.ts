import { randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';

import { type Argon2Parameters, assertArgon2Parameters, DEFAULT_ARGON2_PARAMETERS } from './argon2-parameters.ts';
import { deriveKey, type DeriveKey } from './derive-key.ts';
import { createHashingQueue } from './hashing-queue.ts';
import { isHashable, type NewPassword } from './password-policy.ts';
import { formatPhcString, parsePhcString, type PasswordHash, SALT_BYTES, TAG_BYTES } from './phc-string.ts';

/** Computations that may wait (SR-40): about 12 s of work for one core. */
export const DEFAULT_HASHING_QUEUE_LIMIT = 100;
/**
 * Computations at once, however many cores there are: libuv's pool has four threads, and signature checks, files and
 * DNS need one of them. Measured: beside four computations a file access waits for one of them to end.
 */
const MAX_DEFAULT_CONCURRENCY = 3;

/** How passwords are hashed; every part has a default. */
export interface PasswordHasherOptions {
  /** What new hashes cost. Default: SR-10's numbers. */
  readonly parameters?: Argon2Parameters;
  /**
   * Computations at once; never more than there are cores (SR-40). Above 3 the process needs a larger
   * `UV_THREADPOOL_SIZE` as well, or everything else on the pool waits.
   */
  readonly concurrency?: number;
  /** Computations that may wait. Default: {@link DEFAULT_HASHING_QUEUE_LIMIT}. */
  readonly queueLimit?: number;
  /** The computation itself; tests count it or hold it back. Default: Node's argon2id. */
  readonly derive?: DeriveKey;
}

/** What a check of a password found. */
export interface PasswordVerdict {
  readonly valid: boolean;
  /** The password is right and its stored hash is weaker than new ones: store `rehash(password)` (SR-10). */
  readonly needsRehash: boolean;
}

/** Hashes and checks passwords. All methods share one bounded queue and reject with `PasswordHashingBusyError`. */
export interface PasswordHasher {
  /** Hashes a new password to a PHC string, with a salt of its own. */
  hash(password: NewPassword): Promise<string>;
  /** Hashes a password that {@link verify} has just found right: it may be older than today's policy. */
  rehash(password: string): Promise<string>;
  /**
   * Checks a password against a stored hash. Without one (an account that does not exist) it computes as much and
   * answers `valid: false`, so that time does not tell the two apart (SR-14). Rejects with `PasswordHashFormatError`
   * when the stored hash is corrupt.
   */
  verify(storedHash: string | undefined, password: string): Promise<PasswordVerdict>;
}

const REFUSED: PasswordVerdict = Object.freeze({ valid: false, needsRehash: false });

/** Makes a hasher. Throws a `RangeError` for parameters below SR-10 and for bounds that are not positive integers. */
export function createPasswordHasher({
  parameters = DEFAULT_ARGON2_PARAMETERS,
  concurrency = MAX_DEFAULT_CONCURRENCY,
  queueLimit = DEFAULT_HASHING_QUEUE_LIMIT,
  derive = deriveKey,
}: PasswordHasherOptions = {}): PasswordHasher {
  assertArgon2Parameters(parameters);
  assertPositiveInteger('concurrency', concurrency);
  assertPositiveInteger('queueLimit', queueLimit);
  const queue = createHashingQueue({ concurrency: Math.min(concurrency, availableParallelism()), queueLimit });
  // No password has this tag: 256 random bits, not computed. The check of an unknown account works against it (SR-14).
  const nobody: PasswordHash = { parameters, salt: randomBytes(SALT_BYTES), tag: randomBytes(TAG_BYTES) };

  async function matches(stored: PasswordHash, password: string): Promise<boolean> {
    const { salt, tag, parameters } = stored;
    const computed = await queue.run(() => derive({ password, salt, tagBytes: tag.length, parameters }));
    return timingSafeEqual(computed, tag);
  }

  async function rehash(password: string): Promise<string> {
    if (!isHashable(password)) throw new RangeError('a password must be well-formed text of at most 256 code points');
    const salt = randomBytes(SALT_BYTES);
    const tag = await queue.run(() => derive({ password, salt, tagBytes: TAG_BYTES, parameters }));
    return formatPhcString({ parameters, salt, tag });
  }

  async function verify(storedHash: string | undefined, password: string): Promise<PasswordVerdict> {
    // The same answer in the same time for every account, so nothing is told by it.
    if (!isHashable(password)) return REFUSED;
    const stored = storedHash === undefined ? nobody : parsePhcString(storedHash);
    if (!(await matches(stored, password))) return REFUSED;
    return { valid: true, needsRehash: isWeaker(stored.parameters, parameters) };
  }

  return { hash: rehash, rehash, verify };
}

/** Fewer lanes are not weaker: memory and passes are what an attacker pays for. */
function isWeaker(stored: Argon2Parameters, current: Argon2Parameters): boolean {
  return stored.memoryKib < current.memoryKib || stored.passes < current.passes;
}

function assertPositiveInteger(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name} must be a positive integer`);
}
