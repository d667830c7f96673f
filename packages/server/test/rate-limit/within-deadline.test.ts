import { stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { DeadlineError, withinDeadline } from '../../src/rate-limit/within-deadline.ts';

const DEADLINE_MS = 20;

function blockLoop(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('withinDeadline', () => {
  it('hands on what the work comes to', async () => {
    expect(await withinDeadline(Promise.resolve(1), DEADLINE_MS)).toBe(1);
    await expect(withinDeadline(Promise.reject(new Error('a fault')), DEADLINE_MS)).rejects.toThrow('a fault');
  });

  it('gives up work that does not end', async () => {
    await expect(withinDeadline(new Promise(() => undefined), DEADLINE_MS)).rejects.toThrow(DeadlineError);
  });

  it('SR-22: does not take a busy loop of its own for a store that hangs', async () => {
    // From here the loop comes to its timers first, and to what has arrived meanwhile after them.
    await setImmediate();
    const answered = withinDeadline(stat(import.meta.dirname), DEADLINE_MS);
    blockLoop(10 * DEADLINE_MS);
    expect((await answered).isDirectory()).toBe(true);
  });
});
