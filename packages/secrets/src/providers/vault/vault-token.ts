import type { Secret } from '../../secret.ts';

/** What the server says of a token when it gives or renews it. */
export interface VaultTokenGrant {
  /** 0: it does not end. */
  readonly ttlMs: number;
  readonly renewal: 'renewable' | 'final';
}

/** Part of its life after which a renewable token is renewed: early, so that an outage passes before its end. */
const RENEWED_AFTER = 1 / 3;

/** The same for a token that is replaced: before what hangs on it is read anew, which is at 0.6 of a lease's life. */
const REPLACED_AFTER = 1 / 2;

/** A client token, its end, and when it is due to be renewed or replaced. Times are given in milliseconds since 1970. */
export class VaultToken {
  readonly value: Secret;
  /** Whose it is: what the service signed in for, it revokes. */
  readonly owner: 'service' | 'developer';
  readonly #lifeMs: number;
  #endsAtMs: number;
  #renewal: VaultTokenGrant['renewal'];

  constructor(value: Secret, owner: VaultToken['owner'], grant: VaultTokenGrant, nowMs: number) {
    this.value = value;
    this.owner = owner;
    this.#lifeMs = lifeOf(grant);
    this.#endsAtMs = nowMs + this.#lifeMs;
    this.#renewal = grant.renewal;
  }

  /** Whether the server will extend it once more. */
  get isRenewable(): boolean {
    return this.#renewal === 'renewable';
  }

  /** 0 or less: it has ended. */
  remainingMs(nowMs: number): number {
    return this.#endsAtMs - nowMs;
  }

  /** Whether it is time to renew it, or to sign in anew where that cannot be. */
  isDue(nowMs: number): boolean {
    if (this.#lifeMs === Infinity) return false;
    const part = this.isRenewable ? RENEWED_AFTER : REPLACED_AFTER;
    return this.remainingMs(nowMs) <= this.#lifeMs * (1 - part);
  }

  /** Notes that it was renewed. One that got less than it had at first has come to its greatest age. */
  extend(grant: VaultTokenGrant, nowMs: number): void {
    const grantedMs = lifeOf(grant);
    this.#endsAtMs = nowMs + grantedMs;
    this.#renewal = grantedMs < this.#lifeMs ? 'final' : grant.renewal;
  }
}

function lifeOf({ ttlMs }: VaultTokenGrant): number {
  return ttlMs === 0 ? Infinity : ttlMs;
}
