import { SecretError } from '../secret-error.ts';
import type { DocumentSource } from './document-source.ts';
import type { HeldDocument } from './held-document.ts';
import type { RefusalOutcome } from './live-secret.ts';
import { nextRefreshDelayMs } from './refresh-timing.ts';
import type { CancelTimer, Scheduler } from './scheduler.ts';
import { refreshPlan, SourceAttempts } from './source-attempts.ts';
import { asSecretError } from './source-fault.ts';
import { WorkQueue } from './work-queue.ts';

/** Rest after a refusal has asked the source: a server that refuses everybody must not turn each caller into a read. */
const REFUSAL_REST_MS = 5_000;

/** What a refresher needs. */
export interface DocumentRefresherOptions {
  /** As errors name it. */
  readonly document: string;
  readonly held: HeldDocument;
  readonly source: DocumentSource;
  readonly scheduler: Scheduler;
  /** From 0 to less than 1. */
  readonly random: () => number;
  /** How long a reading counts as fresh; `undefined`: the source cannot change, and is asked on demand only. */
  readonly ttlMs: number | undefined;
}

/** What came of asking the source. */
type RefreshOutcome = 'read' | 'renewed' | 'failed';

/** One round of asking it. */
type Round = (attempts: SourceAttempts) => Promise<RefreshOutcome>;

/** Keeps one document fresh: one round at a time, begun by the clock, by demand, or for a value that was refused. */
export class DocumentRefresher {
  readonly #options: DocumentRefresherOptions;
  readonly #rounds = new WorkQueue<RefreshOutcome>();
  readonly #refusals = new WorkQueue<void>();
  /** How often the document had changed when its value was last refused. */
  #changesAtRefusal = 0;
  #attempts: SourceAttempts | undefined;
  #cancelNext: CancelTimer = () => undefined;
  #cancelRest: CancelTimer | undefined;
  #state: 'open' | 'closed' = 'open';

  constructor(options: DocumentRefresherOptions) {
    this.#options = options;
    this.#schedule();
  }

  /** Reads the document by a round that begins after the call. Never rejects: the observer is told of a failure. */
  refresh(): Promise<RefreshOutcome> {
    return this.#rounds.ask(this.#read);
  }

  /**
   * The value in use was refused: asks for another one by a round that begins after the call, unless that was done a
   * moment ago. Never rejects.
   */
  async refuse(): Promise<RefusalOutcome> {
    const { held } = this.#options;
    const { changes } = held;
    this.#changesAtRefusal = changes;
    // Who comes in the rest is content with what those who came before it are waiting for.
    await (this.#cancelRest === undefined ? this.#refusals.ask(this.#askForAnother) : this.#refusals.settled());
    return held.changes === changes ? 'unchanged' : 'changed';
  }

  /** Ends the round that is under way, and all timers. Resolves when nothing asks the source any more. */
  async close(): Promise<void> {
    this.#state = 'closed';
    this.#cancelNext();
    this.#cancelRest?.();
    this.#attempts?.end(new SecretError('unavailable', this.#options.document));
    await this.#rounds.settled();
  }

  readonly #askForAnother = async (): Promise<void> => {
    const { held } = this.#options;
    const { changes } = held;
    // The round before has found another value, which nobody has refused.
    if (changes !== this.#changesAtRefusal) return;
    const outcome = await this.refresh();
    if (outcome === 'read' && held.changes === changes) await this.#rounds.ask(this.#switchStage);
    this.#rest();
  };

  async #run(round: Round): Promise<RefreshOutcome> {
    if (this.#state === 'closed') return 'failed';
    using attempts = new SourceAttempts({ ...this.#options, plan: refreshPlan });
    this.#attempts = attempts;
    try {
      return await round(attempts);
    } catch (error) {
      if (this.#state === 'open') this.#options.held.fail(asSecretError(error, this.#options.document));
      return 'failed';
    } finally {
      this.#schedule();
    }
  }

  readonly #read = (): Promise<RefreshOutcome> => this.#run(this.#readRound);
  readonly #renewOrRead = (): Promise<RefreshOutcome> => this.#run(this.#renewOrReadRound);
  readonly #switchStage = (): Promise<RefreshOutcome> => this.#run(this.#switchStageRound);

  readonly #readRound: Round = async (attempts) => {
    const reading = await attempts.retry(this.#options.source.read);
    if (this.#state === 'closed') return 'failed';
    this.#options.held.takeCurrent(reading);
    return 'read';
  };

  readonly #renewOrReadRound: Round = async (attempts) =>
    (await this.#isRenewed(attempts)) ? 'renewed' : this.#readRound(attempts);

  /** One attempt only: the time that is left is better spent on new credentials. */
  async #isRenewed(attempts: SourceAttempts): Promise<boolean> {
    const { held, source } = this.#options;
    const lease = held.lease.renewable;
    if (lease === undefined) return false;
    try {
      const granted = await attempts.once(source.renew(lease));
      return granted !== undefined && this.#state === 'open' && held.takeRenewal(granted) === 'enough';
    } catch {
      // A new document is read instead; the observer is told when that fails, too.
      return false;
    }
  }

  /** The version in use was refused, and the source has no newer one: the other of current and pending is tried. */
  readonly #switchStageRound: Round = async (attempts) => {
    const { held, source } = this.#options;
    if (held.stage === 'pending') held.returnToCurrent();
    else {
      const pending = await attempts.once(source.readPending);
      if (pending !== undefined && this.#state === 'open') held.takePending(pending);
    }
    return 'read';
  };

  #rest(): void {
    if (this.#state === 'closed') return;
    this.#cancelRest?.();
    this.#cancelRest = this.#options.scheduler.after(REFUSAL_REST_MS, () => {
      this.#cancelRest = undefined;
    });
  }

  #schedule(): void {
    const { held, scheduler, random, ttlMs } = this.#options;
    this.#cancelNext();
    if (ttlMs === undefined || this.#state === 'closed') return;
    const leaseMs = held.lease.status?.durationMs;
    const delayMs = nextRefreshDelayMs({ ttlMs, leaseMs, failures: held.failures, random });
    this.#cancelNext = scheduler.after(delayMs, () => {
      // The round that is under way sets the time of the next.
      if (!this.#rounds.isBusy) void this.#rounds.ask(this.#renewOrRead);
    });
  }
}
