import { setTimeout as pause } from 'node:timers/promises';

/** Longest wait for something that another process does: milliseconds. Far beyond what it takes, so that only a fault reaches it. */
const DEADLINE_MS = 10_000;

/** Time between two looks: milliseconds. */
const INTERVAL_MS = 10;

/**
 * Looks again and again until the answer is yes.
 *
 * @throws {Error} when it was not yes for ten seconds; the message holds the description.
 */
export async function eventually(description: string, look: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error(`It did not happen within ${DEADLINE_MS} ms: ${description}`);
    await pause(INTERVAL_MS);
  }
}
