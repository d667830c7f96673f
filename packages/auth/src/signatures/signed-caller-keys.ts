import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

import { Secret } from '@redoubt/secrets';

import { isSpiffeId, parseSpiffeId, type SpiffeId } from '../services/spiffe-id.ts';
import { InvalidSignatureError } from './invalid-signature-error.ts';
import type { SignatureFields } from './signature-fields.ts';
import { importPublicKey, importSharedSecret, isSignatureOf, type SignatureKey } from './signature-key.ts';
import { KEY_ID_PATTERN, type SignatureAlgorithm } from './signature-profile.ts';

/** One key of a service that signs its requests. A service has several while one follows another. */
export type SignedCaller = {
  /** What `keyid` names; one key's alone. */
  readonly keyId: string;
  /** The service's name: `spiffe://trust-domain/path`. */
  readonly service: string;
} & (
  | { readonly algorithm: 'ed25519'; readonly publicKey: string }
  | { readonly algorithm: 'hmac-sha256'; readonly secret: Secret }
);

/** One reason why a key cannot be used. Its sentence never contains a value. */
export interface SignedCallerFault {
  /** RFC 6901 pointer into the list: `/0/publicKey`. */
  readonly pointer: string;
  /** What was expected. */
  readonly expected: string;
}

/** Whose key made a signature. */
export interface SignedCallerKeys {
  /**
   * The service whose key signed `base`.
   *
   * @throws {InvalidSignatureError} for any other key, an algorithm that is not the key's, and a wrong signature. One
   * that does not exist takes as long as one that does.
   */
  prove(fields: Pick<SignatureFields, 'parameters' | 'signature'>, base: Buffer): SpiffeId;
}

/** Every fault of a list of keys. `edges` are hops, which are never callers. */
export function findSignedCallerFaults(
  callers: readonly SignedCaller[],
  { edges = [] }: { readonly edges?: readonly string[] } = {},
): readonly SignedCallerFault[] {
  const others: ReadCaller[] = [];
  return callers.flatMap((caller, index) => {
    const read = { caller, key: importKey(caller)?.key };
    const faults = faultsOf(read, others, edges);
    others.push(read);
    return faults.map(([name, expected]) => ({ pointer: `/${index}/${name}`, expected }));
  });
}

/**
 * Closes a list of keys.
 *
 * @throws {TypeError} for a list with a fault.
 */
export function createSignedCallerKeys(callers: readonly SignedCaller[]): SignedCallerKeys {
  const [fault] = findSignedCallerFaults(callers);
  if (fault !== undefined) throw new TypeError(`signed callers, ${fault.pointer}: expected ${fault.expected}`);
  const keys = new Map(callers.map((caller) => [caller.keyId, toOwnedKey(caller)]));
  const decoys = createDecoys();
  return {
    prove({ parameters: { keyId, algorithm }, signature }, base) {
      const owned = keys.get(keyId);
      const matches = owned?.algorithm === algorithm;
      const isProven = isSignatureOf(matches ? owned : decoys[algorithm], base, signature);
      if (owned === undefined) throw new InvalidSignatureError('unknown-key');
      if (!matches) throw new InvalidSignatureError('algorithm');
      if (!isProven) throw new InvalidSignatureError('signature');
      return owned.serviceId;
    },
  };
}

type OwnedKey = SignatureKey & { readonly serviceId: SpiffeId };

type Fault = readonly [name: string, expected: string];

interface ReadCaller {
  readonly caller: SignedCaller;
  readonly key: KeyObject | undefined;
}

function faultsOf(
  { caller, key }: ReadCaller,
  others: readonly ReadCaller[],
  edges: readonly string[],
): readonly Fault[] {
  const { keyId, service, algorithm } = caller;
  const faults: Fault[] = [];
  if (!KEY_ID_PATTERN.test(keyId) || others.some((other) => other.caller.keyId === keyId))
    faults.push(['keyId', 'an id of letters, digits, - and _, 64 at most, that no other key has']);
  if (!isSpiffeId(service) || edges.includes(service))
    faults.push(['service', 'a name such as spiffe://example.internal/ns/billing, and of no edge']);
  // Whoever has a key is every service that it stands for.
  if (key === undefined || others.some((other) => other.key?.equals(key) === true))
    faults.push(
      algorithm === 'ed25519'
        ? ['publicKey', 'an Ed25519 public key as PEM that no other entry has']
        : ['secret', 'a secret of at least 32 random bytes that no other entry has'],
    );
  return faults;
}

function importKey(caller: SignedCaller): SignatureKey | undefined {
  return caller.algorithm === 'ed25519' ? importPublicKey(caller.publicKey) : importSharedSecret(caller.secret);
}

function toOwnedKey(caller: SignedCaller): OwnedKey {
  const key = importKey(caller);
  if (key === undefined) throw new TypeError('a key was found good and then not');
  return { ...key, serviceId: parseSpiffeId(caller.service) };
}

/** Keys that nobody has: what a signature under an unknown name is compared with, so that it costs the same. */
function createDecoys(): Readonly<Record<SignatureAlgorithm, SignatureKey>> {
  const secret = importSharedSecret(Secret.of(randomBytes(48).toString('base64')));
  const { publicKey } = generateKeyPairSync('ed25519');
  if (secret === undefined) throw new TypeError('48 random bytes have fewer than five different characters');
  return { 'hmac-sha256': secret, ed25519: { algorithm: 'ed25519', key: publicKey } };
}
