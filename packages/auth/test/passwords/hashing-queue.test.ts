import { describe, expect, it } from 'vitest';

import { PasswordHashingBusyError } from '../../src/errors.ts';
import { createHashingQueue } from '../../src/passwords/hashing-queue.ts';

/** Starts works that end when told, and notes the order of their starts. */
function createWorks(concurrency: number, queueLimit: number) {
  const queue = createHashingQueue({ concurrency, queueLimit });
  const started: number[] = [];
  const ends: PromiseWithResolvers<number>[] = [];
  const start = (index: number) => {
    const end = Promise.withResolvers<number>();
    ends[index] = end;
    return queue.run(() => {
      started.push(index);
      return end.promise;
    });
  };
  return { started, ends, start };
}

const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

describe('the hashing queue', () => {
  it('SR-40: runs as many at once as it may, and the others in the order they came', async () => {
    const { started, ends, start } = createWorks(2, 100);
    const results = [0, 1, 2, 3, 4].map(start);
    await settle();
    expect(started).toStrictEqual([0, 1]);
    ends[1]?.resolve(11);
    await settle();
    expect(started).toStrictEqual([0, 1, 2]);
    ends[0]?.resolve(10);
    await settle();
    expect(started).toStrictEqual([0, 1, 2, 3]);
    ends[2]?.resolve(12);
    ends[3]?.resolve(13);
    await settle();
    ends[4]?.resolve(14);
    await expect(Promise.all(results)).resolves.toStrictEqual([10, 11, 12, 13, 14]);
  });

  it('SR-40: refuses what would wait beyond the limit, at once, and takes more when a place is free', async () => {
    const { started, ends, start } = createWorks(1, 2);
    const running = start(0);
    const waiting = [start(1), start(2)];
    await expect(start(3)).rejects.toThrow(PasswordHashingBusyError);
    ends[0]?.resolve(0);
    await running;
    await settle();
    const late = start(4);
    await settle();
    expect(started).toStrictEqual([0, 1]);
    ends[1]?.resolve(1);
    await settle();
    ends[2]?.resolve(2);
    await settle();
    ends[4]?.resolve(4);
    await expect(Promise.all([...waiting, late])).resolves.toStrictEqual([1, 2, 4]);
  });

  it('frees the place of work that fails, by throwing or by rejecting', async () => {
    const queue = createHashingQueue({ concurrency: 1, queueLimit: 1 });
    const fault = new Error('out of memory');
    await expect(queue.run(() => Promise.reject(fault))).rejects.toBe(fault);
    await expect(
      queue.run(() => {
        throw fault;
      }),
    ).rejects.toBe(fault);
    await expect(queue.run(() => Promise.resolve('done'))).resolves.toBe('done');
  });

  it('leaves no place behind once all is done', async () => {
    const { ends, start, started } = createWorks(2, 1);
    const first = [start(0), start(1), start(2)];
    await settle();
    ends[0]?.resolve(0);
    ends[1]?.resolve(1);
    await settle();
    ends[2]?.resolve(2);
    await Promise.all(first);
    const second = [start(3), start(4)];
    await settle();
    expect(started.slice(3)).toStrictEqual([3, 4]);
    ends[3]?.resolve(3);
    ends[4]?.resolve(4);
    await Promise.all(second);
  });
});
