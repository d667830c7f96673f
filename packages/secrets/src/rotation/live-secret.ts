import type { Secret } from '../secret.ts';

/** What came of asking for another value in place of one that was refused. */
export type RefusalOutcome = 'changed' | 'unchanged';

/** A secret that may change while the service runs (SR-52). */
export interface LiveSecret {
  /**
   * The value that holds now: the last good one, never an empty one. Secrets of one document (user name and password)
   * change together: asked for in one turn of the event loop, they belong together.
   */
  current(): Secret;
  /**
   * Calls the listener after each change, once `current()` gives the new value. A listener that throws or rejects is
   * reported and holds nobody up. Returns what ends the subscription.
   */
  subscribe(listener: () => void | Promise<void>): () => void;
  /**
   * Tells that what the secret opens did not take this value: the source is asked at once, and a value that a rotation
   * under way has made already is taken when the current one is the one refused. Never rejects, and asks the source at
   * most once at a time and once in a few seconds, whoever calls it how often.
   */
  refused(value: Secret): Promise<RefusalOutcome>;
}

/** A secret that stays what it is: for tests, and for what is over before a secret changes. */
export function fixedSecret(value: Secret): LiveSecret {
  return {
    current: () => value,
    subscribe: () => () => undefined,
    refused: () => Promise.resolve('unchanged'),
  };
}
