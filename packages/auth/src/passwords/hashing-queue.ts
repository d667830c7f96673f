import { PasswordHashingBusyError } from '../errors.ts';

/** How much work runs and waits. */
export interface HashingQueueOptions {
  /** Computations at once. */
  readonly concurrency: number;
  /** Computations that may wait for their turn; one more is refused. */
  readonly queueLimit: number;
}

/** Runs computations in the order they came, a few at a time. */
export interface HashingQueue {
  /** Runs the work when its turn comes. Rejects with {@link PasswordHashingBusyError} when the queue is full. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Makes a queue that is first in, first out, and bounded (SR-40). Work that fails frees its place. */
export function createHashingQueue({ concurrency, queueLimit }: HashingQueueOptions): HashingQueue {
  const waiting: (() => void)[] = [];
  let running = 0;

  function enter(): Promise<void> | undefined {
    if (running < concurrency) {
      running += 1;
      return undefined;
    }
    if (waiting.length >= queueLimit) throw new PasswordHashingBusyError();
    return new Promise((resolve) => {
      waiting.push(resolve);
    });
  }

  /** The place goes straight to the one who waited longest, so that nobody overtakes. */
  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }

  return {
    async run(work) {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
