import type { PublicJwk, SigningKey } from './signing-key.ts';

/** What `/.well-known/jwks.json` serves (RFC 7517, section 5). */
export interface PublicJwkSet {
  readonly keys: readonly PublicJwk[];
}

/** The keys of this service's tokens. They can be replaced while it runs (SR-52). */
export interface KeyRing {
  /** Grows with each {@link KeyRing.replace}: whoever keeps what a key proved compares it. */
  readonly version: number;
  /** The key that signs now. */
  signingKey(): SigningKey;
  /** The key of that id, in whatever state; `undefined` when the ring does not hold it. */
  verificationKey(kid: string): SigningKey | undefined;
  /** The public halves of all keys. Frozen, and the same object until the keys change. */
  publicJwks(): PublicJwkSet;
  /** Takes these keys in place of the present ones, or throws and keeps those. */
  replace(keys: readonly SigningKey[]): void;
}

interface RingContent {
  readonly active: SigningKey;
  readonly byId: ReadonlyMap<string, SigningKey>;
  readonly jwks: PublicJwkSet;
}

/**
 * Makes a ring of keys. Throws a `TypeError` unless exactly one key is `active` and all ids differ. Tokens are
 * verified with keys of this ring and with nothing else (SR-4).
 */
export function createKeyRing({ keys }: { readonly keys: readonly SigningKey[] }): KeyRing {
  let content = arrange(keys);
  let version = 0;
  return {
    get version() {
      return version;
    },
    signingKey: () => content.active,
    verificationKey: (kid) => content.byId.get(kid),
    publicJwks: () => content.jwks,
    replace(next) {
      content = arrange(next);
      version += 1;
    },
  };
}

function arrange(keys: readonly SigningKey[]): RingContent {
  const [active, ...others] = keys.filter(({ state }) => state === 'active');
  if (active === undefined || others.length > 0) throw new TypeError('a key ring needs exactly one active key');
  const byId = new Map(keys.map((key) => [key.kid, key]));
  if (byId.size !== keys.length) throw new TypeError('a key ring holds each key once');
  return { active, byId, jwks: Object.freeze({ keys: Object.freeze(keys.map(({ publicJwk }) => publicJwk)) }) };
}
