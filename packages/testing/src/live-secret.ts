import type { LiveSecret, Secret } from '@redoubt/secrets';

/** A secret that a test rotates, and whose source the test plays. */
export interface TestLiveSecret extends LiveSecret {
  /**
   * The source has another value, and its watcher noticed: from now on it holds. Everybody is told once this turn's
   * changes are made: secrets that are changed together are fields of one document.
   */
  change(next: Secret): void;
  /** The source has another value that nobody noticed yet: the next refusal of the current one finds it. */
  offer(next: Secret): void;
  /** Every value that was said to be refused, in order. */
  readonly refusals: readonly Secret[];
}

/** Creates a secret that holds a value until the test changes it. */
export function createLiveSecret(initial: Secret): TestLiveSecret {
  const listeners = new Set<() => void | Promise<void>>();
  const refusals: Secret[] = [];
  let current = initial;
  let offered: Secret | undefined;
  const change = (next: Secret): void => {
    current = next;
    // What a listener throws is nobody's: it fails the test run as an unhandled rejection.
    for (const listener of listeners) void Promise.resolve().then(listener);
  };
  return {
    refusals,
    change,
    current: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    offer(next) {
      offered = next;
    },
    refused(value) {
      refusals.push(value);
      if (value.expose() !== current.expose()) return Promise.resolve('changed');
      if (offered === undefined) return Promise.resolve('unchanged');
      change(offered);
      offered = undefined;
      return Promise.resolve('changed');
    },
  };
}
