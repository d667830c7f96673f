import type { SecretLease } from '../providers/secret-provider.ts';
import type { CancelTimer, Scheduler } from './scheduler.ts';

/** What a lease needs of the outside. */
export interface HeldLeaseOptions {
  readonly scheduler: Scheduler;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called when the lease ends and nothing has taken its place. */
  readonly onExpired: () => void;
}

/** What can be told of a lease. */
export interface LeaseStatus {
  /** Milliseconds since 1970. */
  readonly endsAtMs: number;
  /** As granted last. */
  readonly durationMs: number;
  /** `expired`: it has ended, and no other was granted yet. */
  readonly state: 'held' | 'expired';
}

/** The lease of the reading that is in use, if it has one, watched until it ends. */
export class HeldLease {
  readonly #options: HeldLeaseOptions;
  #lease: SecretLease | undefined;
  #originalDurationMs = 0;
  #endsAtMs = 0;
  #state: LeaseStatus['state'] = 'held';
  #cancelExpiry: CancelTimer = () => undefined;

  constructor(options: HeldLeaseOptions) {
    this.#options = options;
  }

  /** The lease of a new reading, in place of the one before. One of no length is none. */
  hold(lease: SecretLease | undefined): void {
    this.release();
    if (lease === undefined || !hasLength(lease)) return;
    this.#originalDurationMs = lease.durationMs;
    this.#start(lease);
  }

  /** What a renewal granted: whether it is enough, which half of the original duration is. */
  extend(granted: SecretLease): 'enough' | 'too-short' {
    if (!hasLength(granted)) return 'too-short';
    this.#start(granted);
    return granted.durationMs >= this.#originalDurationMs / 2 ? 'enough' : 'too-short';
  }

  /** The lease, where it can be extended still. */
  get renewable(): SecretLease | undefined {
    return this.#state === 'held' && this.#lease?.renewal === 'renewable' ? this.#lease : undefined;
  }

  get status(): LeaseStatus | undefined {
    if (this.#lease === undefined) return undefined;
    return { endsAtMs: this.#endsAtMs, durationMs: this.#lease.durationMs, state: this.#state };
  }

  /** Forgets the lease; at the source it ends by itself. */
  release(): void {
    this.#cancelExpiry();
    this.#lease = undefined;
  }

  /** A timer, not a comparison of instants: a wall clock that is set back keeps no lease alive. */
  #start(lease: SecretLease): void {
    const { scheduler, now, onExpired } = this.#options;
    this.#cancelExpiry();
    this.#lease = lease;
    this.#state = 'held';
    this.#endsAtMs = now() + lease.durationMs;
    this.#cancelExpiry = scheduler.after(lease.durationMs, () => {
      this.#state = 'expired';
      onExpired();
    });
  }
}

function hasLength({ durationMs }: SecretLease): boolean {
  return Number.isFinite(durationMs) && durationMs > 0;
}
