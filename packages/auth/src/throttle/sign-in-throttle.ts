import { createHash } from 'node:crypto';

import type { SharedStore } from '@redoubt/storage';

import { clientNetwork } from './client-network.ts';

/** Failures are counted in windows of this length (SR-13). */
const WINDOW_MS = 15 * 60_000;
/** Failures of one account in a window until it is locked (SR-13). */
const MAX_ACCOUNT_FAILURES = 5;
/** Failures from one address in a window until it has to wait for the end of the window (SR-13). */
export const MAX_ADDRESS_FAILURES = 20;
/** The first lock of an account; each further one is twice as long (SR-13). */
const FIRST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 60 * 60_000;
/** Locks are remembered for a day: in it, each further failure locks at once. */
const LOCK_MEMORY_MS = 24 * 60 * 60_000;

/** What the throttle counts in. */
export interface SignInThrottleOptions {
  readonly store: SharedStore;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Default: {@link MAX_ADDRESS_FAILURES}. */
  readonly maxAddressFailures?: number;
}

/** Who tries to sign in, and from where. */
export interface SignInSource {
  readonly clientAddress: string;
  /** The normalised name that was given, whether or not an account has it. */
  readonly account: string;
}

/** Whether an attempt may be looked at. `locked` must look from outside like a wrong password. */
export type SignInAdmission =
  | { readonly kind: 'open' | 'locked' }
  | { readonly kind: 'address-locked'; readonly retryAfterSeconds: number };

/** What one more failure has brought about: each lock is told once. */
export interface SignInFailure {
  readonly accountLocked: boolean;
  readonly addressLocked: boolean;
}

/**
 * Slows guessing down, over all replicas (SR-13): an account is locked after five failures, for 30 seconds that double
 * to an hour; an address waits after twenty. Names that no account has are counted alike, so that nothing is told by it
 * (SR-14). Only sign-in by password asks: whoever is signed in stays signed in. Every method rejects with
 * `SharedStoreUnavailableError` when the store is away.
 */
export interface SignInThrottle {
  /** Asked before the password is checked. */
  admit(source: SignInSource): Promise<SignInAdmission>;
  /** Asked again after a password was found right: of many guesses at once, those after the lock must not count. */
  isLocked(account: string): Promise<boolean>;
  failed(source: SignInSource): Promise<SignInFailure>;
  /** Forgets the failures of an account; `true` when there were any. */
  forget(account: string): Promise<boolean>;
}

/** Makes a throttle that keeps its counters in the shared store; names and addresses are kept as digests. */
export function createSignInThrottle({
  store,
  now,
  maxAddressFailures = MAX_ADDRESS_FAILURES,
}: SignInThrottleOptions): SignInThrottle {
  async function lockAccount(account: string): Promise<boolean> {
    const key = keyOf('account', account);
    const { count } = await store.increment(`${key}:failures`, WINDOW_MS);
    const locks = Number((await store.get(`${key}:locks`)) ?? 0);
    if (count < MAX_ACCOUNT_FAILURES && locks === 0) return false;
    const locked = await store.setIfAbsent(`${key}:locked`, '1', lockMs(locks));
    if (locked) await store.increment(`${key}:locks`, LOCK_MEMORY_MS);
    return locked;
  }

  async function lockAddress(clientAddress: string): Promise<boolean> {
    const key = keyOf('address', clientNetwork(clientAddress));
    const { count, expiresInMs } = await store.increment(`${key}:failures`, WINDOW_MS);
    if (count < maxAddressFailures || expiresInMs < 1) return false;
    return store.setIfAbsent(`${key}:locked-until`, String(now() + expiresInMs), expiresInMs);
  }

  async function isLocked(account: string): Promise<boolean> {
    return (await store.get(`${keyOf('account', account)}:locked`)) !== undefined;
  }

  return {
    isLocked,
    async admit({ clientAddress, account }) {
      const [lockedUntil, locked] = await Promise.all([
        store.get(`${keyOf('address', clientNetwork(clientAddress))}:locked-until`),
        isLocked(account),
      ]);
      if (lockedUntil === undefined) return { kind: locked ? 'locked' : 'open' };
      const retryAfterSeconds = Math.max(1, Math.ceil((Number(lockedUntil) - now()) / 1000));
      return { kind: 'address-locked', retryAfterSeconds };
    },
    async failed({ clientAddress, account }) {
      const [accountLocked, addressLocked] = await Promise.all([lockAccount(account), lockAddress(clientAddress)]);
      return { accountLocked, addressLocked };
    },
    async forget(account) {
      const key = keyOf('account', account);
      const [failures] = await Promise.all([
        store.delete(`${key}:failures`),
        store.delete(`${key}:locks`),
        store.delete(`${key}:locked`),
      ]);
      return failures;
    },
  };
}

function lockMs(locksBefore: number): number {
  return Math.min(FIRST_LOCK_MS * 2 ** locksBefore, LONGEST_LOCK_MS);
}

/** A digest: the store's keys show no address of a person, and their length is bounded. */
function keyOf(kind: 'account' | 'address', name: string): string {
  return `sign-in:${kind}:${createHash('sha256').update(name).digest('base64url')}`;
}
