import type { SharedStore } from '@redoubt/storage';
import { LRUCache } from 'lru-cache';

import {
  ACCESS_TOKEN_TTL_SECONDS,
  CLOCK_TOLERANCE_SECONDS,
  MAX_CLOCK_TOLERANCE_SECONDS,
} from '../tokens/access-token-profile.ts';
import { ReplicaLink } from './replica-link.ts';
import type { RevocationKey } from './revocation-key.ts';

/** Sessions and tokens of which a replica remembers whether they are revoked; as many as verified tokens. */
const REMEMBERED = 10_000;

/** What stays when tokens have ended by the clock: requests that were under way, and clocks apart: milliseconds. */
const RETENTION_MARGIN_MS = (CLOCK_TOLERANCE_SECONDS + MAX_CLOCK_TOLERANCE_SECONDS) * 1000;

/** What revocations need. */
export interface RevocationsOptions {
  readonly sharedStore: SharedStore;
  /** How long the revoked tokens could have lived on. Default: {@link ACCESS_TOKEN_TTL_SECONDS}. */
  readonly tokenTtlSeconds?: number;
  /** Milliseconds of a clock that is never set. Default: the process's own. */
  readonly monotonicNow?: () => number;
}

/** Sessions and tokens that ended before their time. */
export interface Revocations {
  /**
   * Ends them. When it resolves, no replica accepts them any more; when it rejects, it is not known which do.
   *
   * @throws {SharedStoreUnavailableError}
   */
  revoke(keys: readonly RevocationKey[]): Promise<void>;
  /**
   * Whether it was revoked: at once when this replica has asked before and would have heard of a change, as a promise
   * otherwise. It rejects with {@link SharedStoreUnavailableError}, and does not guess, when nobody can say (SR-30).
   */
  isRevoked(key: RevocationKey): boolean | Promise<boolean>;
  /** Stops listening; each question then goes to the shared store. */
  close(): Promise<void>;
}

/**
 * Keeps revocations in the shared store, where every replica sees them (SR-7), and spares the signed-in request the
 * round trip: what was asked once is remembered while announcements are known to arrive, and an announcement changes
 * what is remembered (docs/decisions/008-revocation.md).
 */
export function createRevocations(options: RevocationsOptions): Revocations {
  return new SharedRevocations(options);
}

class SharedRevocations implements Revocations {
  readonly #sharedStore: SharedStore;
  readonly #link: ReplicaLink;
  readonly #ttlMs: number;
  readonly #remembered = new LRUCache<string, 'revoked' | 'valid'>({ max: REMEMBERED });
  /** Grows with each announcement and each gap: an answer that was on its way meanwhile may be old. */
  #version = 0;

  constructor({
    sharedStore,
    tokenTtlSeconds = ACCESS_TOKEN_TTL_SECONDS,
    monotonicNow = () => performance.now(),
  }: RevocationsOptions) {
    this.#sharedStore = sharedStore;
    this.#ttlMs = tokenTtlSeconds * 1000 + RETENTION_MARGIN_MS;
    this.#link = new ReplicaLink({
      sharedStore,
      monotonicNow,
      onAnnounced: (keys) => this.#learn(keys),
      onGap: () => this.#forget(),
    });
  }

  async revoke(keys: readonly RevocationKey[]): Promise<void> {
    if (keys.length === 0) return;
    await Promise.all(keys.map((key) => this.#sharedStore.set(storeKey(key), 'revoked', this.#ttlMs)));
    this.#learn(keys);
    await this.#link.announce(keys);
  }

  isRevoked(key: RevocationKey): boolean | Promise<boolean> {
    const remembered = this.#remembered.get(key);
    // What was revoked stays so, whatever was missed since.
    if (remembered === 'revoked') return true;
    if (remembered === 'valid' && this.#link.holdsLease()) return false;
    return this.#ask(key);
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  async #ask(key: RevocationKey): Promise<boolean> {
    const version = this.#version;
    const listening = this.#link.holdsLease();
    const isRevoked = (await this.#sharedStore.get(storeKey(key))) !== undefined;
    if (isRevoked) this.#remembered.set(key, 'revoked');
    // An answer is kept only if an announcement that contradicts it would have come since the question.
    else if (listening && version === this.#version) this.#remembered.set(key, 'valid');
    return isRevoked;
  }

  #learn(keys: readonly string[]): void {
    this.#version += 1;
    for (const key of keys) this.#remembered.set(key, 'revoked');
  }

  #forget(): void {
    this.#version += 1;
    this.#remembered.clear();
  }
}

function storeKey(key: RevocationKey): string {
  return `revoked:${key}`;
}
