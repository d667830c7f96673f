import { array, assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpiryQueue } from '../../src/shared-store/expiry-queue.ts';

const instants = array(integer({ min: 0, max: 1_000 }), { maxLength: 200 });

function drain(queue: ExpiryQueue): number[] {
  return Array.from({ length: queue.size }, () => queue.take()?.expiresAt ?? Number.NaN);
}

describe('an expiry queue', () => {
  it('gives back what was added, first to last', () => {
    assert(
      property(instants, (added) => {
        const queue = new ExpiryQueue();
        for (const expiresAt of added) queue.add({ key: 'key', expiresAt });
        expect(drain(queue)).toStrictEqual(added.toSorted((a, b) => a - b));
      }),
    );
  });

  it('goes on with what it was reset to', () => {
    assert(
      property(instants, instants, (kept, added) => {
        const queue = new ExpiryQueue();
        queue.add({ key: 'dropped', expiresAt: -1 });
        queue.reset(kept.map((expiresAt) => ({ key: 'key', expiresAt })));
        for (const expiresAt of added) queue.add({ key: 'key', expiresAt });
        expect(drain(queue)).toStrictEqual([...kept, ...added].toSorted((a, b) => a - b));
      }),
    );
  });

  it('has nothing to take when it is empty', () => {
    expect(new ExpiryQueue().take()).toBeUndefined();
    expect(new ExpiryQueue().first()).toBeUndefined();
  });
});
