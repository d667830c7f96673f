/** Something that is done when its turn has come. */
type Work<Result> = () => Promise<Result>;

/**
 * Work that is done one after the other. Who asks for work that waits for its turn shares it; nobody joins work that
 * has begun, for what that has read may be older than the question.
 */
export class WorkQueue<Result> {
  readonly #waiting = new Map<Work<Result>, Promise<Result>>();
  #last: Promise<void> = Promise.resolve();
  #unfinished = 0;

  /** Whether something waits or is under way. */
  get isBusy(): boolean {
    return this.#unfinished > 0;
  }

  /** The result of this work, begun after the call. */
  ask(work: Work<Result>): Promise<Result> {
    const waiting = this.#waiting.get(work);
    if (waiting !== undefined) return waiting;
    const result = this.#last.then(() => {
      this.#waiting.delete(work);
      return work();
    });
    this.#waiting.set(work, result);
    this.#unfinished += 1;
    this.#last = this.#finish(result);
    return result;
  }

  /** Resolves when all that was asked for by now is done; a failure is told to those who asked. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #finish(result: Promise<Result>): Promise<void> {
    try {
      await result;
    } catch {
      // Those who asked are told; the next in the queue has nothing to do with it.
    } finally {
      this.#unfinished -= 1;
    }
  }
}
