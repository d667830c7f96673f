import type { SecretScheme } from '../references/secret-reference.ts';

/** How long a reading of a source on the network counts as fresh: a change is picked up within 60 s (SR-52). */
export const DEFAULT_TTL_MS = 60_000;

/** A shorter life costs more requests, and nobody waits for seconds. */
const MIN_TTL_MS = 5_000;

/** SR-52 allows no longer one. */
const MAX_TTL_MS = 60_000;

/** The same for a file: reading one costs nothing. */
const FILE_TTL_MS = 10_000;

/** Which part of a life passes before the next refresh: it comes before the end, and replicas do not come together. */
const TTL_WINDOW = { from: 0.7, to: 0.9 } as const;

/** The same of a lease: a third of it is left for renewing, and for trying again. */
const LEASE_WINDOW = { from: 0.6, to: 2 / 3 } as const;

/** First pause after a refresh that failed while a lease runs out; each one that follows is twice as long. */
const FIRST_PAUSE_MS = 5_000;

/** A source that grants leases of no length is asked once a second, not without end. */
const MIN_DELAY_MS = 1_000;

/** What the moment of the next refresh depends on. */
export interface RefreshFacts {
  readonly ttlMs: number;
  /** How long the lease lasts from now on; absent: there is none. */
  readonly leaseMs?: number | undefined;
  /** Refreshes that failed since the last one that did not. */
  readonly failures: number;
  /** From 0 to less than 1. */
  readonly random: () => number;
}

/** @throws RangeError for a life that is shorter than 5 s or longer than 60 s. */
export function assertTtl(ttlMs: number): void {
  if (!Number.isInteger(ttlMs) || ttlMs < MIN_TTL_MS || ttlMs > MAX_TTL_MS)
    throw new RangeError(`ttlMs must be a whole number from ${MIN_TTL_MS} to ${MAX_TTL_MS}`);
}

/** How long a reading counts as fresh; `undefined` for what cannot change while the process runs. */
export function ttlOf(scheme: SecretScheme, networkTtlMs: number): number | undefined {
  if (scheme === 'env') return undefined;
  return scheme === 'file' ? FILE_TTL_MS : networkTtlMs;
}

/** Milliseconds until the next refresh, drawn so that replicas come one after the other. */
export function nextRefreshDelayMs({ ttlMs, leaseMs, failures, random }: RefreshFacts): number {
  const draw = (lifeMs: number, { from, to }: { from: number; to: number }): number =>
    Math.max(lifeMs * (from + random() * (to - from)), MIN_DELAY_MS);
  if (leaseMs === undefined) return draw(ttlMs, TTL_WINDOW);
  if (failures === 0) return draw(leaseMs, LEASE_WINDOW);
  return draw(Math.min(ttlMs, FIRST_PAUSE_MS * 2 ** (failures - 1)), TTL_WINDOW);
}
