/** The work took longer than it may; its outcome is not known. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(deadlineMs: number) {
    super(`no answer within ${deadlineMs} ms`);
  }
}

/**
 * Waits for the work, but not longer than the deadline; rejects with a {@link DeadlineError} then. What the work comes
 * to afterwards is nobody's business.
 *
 * A loop that was busy for longer than the deadline finds its timers due before it has looked at its sockets, where the
 * answer may lie since long: it looks at them once before it gives up, so that our own lag is not taken for another's.
 */
export function withinDeadline<Result>(work: Promise<Result>, deadlineMs: number): Promise<Result> {
  // Not by Promise.race(): every request waits here, and a race costs as much as all the rest of it.
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const giveUp = (): void => reject(new DeadlineError(deadlineMs));
  const timer = setTimeout(() => setImmediate(giveUp), deadlineMs);
  work.then(
    (result) => {
      clearTimeout(timer);
      resolve(result);
    },
    (error: unknown) => {
      clearTimeout(timer);
      reject(error);
    },
  );
  return promise;
}
