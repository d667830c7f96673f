import { SecretError } from '../secret-error.ts';
import type { DocumentSource } from './document-source.ts';
import type { HeldDocument } from './held-document.ts';
import type { RefusalOutcome } from './live-secret.ts';
import { nextRefreshDelayMs } from './refresh-timing.ts';
import type { CancelTimer, Scheduler } from './scheduler.ts';
import { SingleFlight } from './single-flight.ts';
import { refreshPlan, SourceAttempts } from './source-attempts.ts';
import { asSecretError } from './source-fault.ts';

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

/** Keeps one document fresh: one round at a time, begun by the clock, by demand, or by a value that was refused. */
export class DocumentRefresher {
  readonly #options: DocumentRefresherOptions;
  readonly #rounds = new SingleFlight<RefreshOutcome>();
  readonly #refusals = new SingleFlight<RefusalOutcome>();
  #attempts: SourceAttempts | undefined;
  #cancelNext: CancelTimer = () => undefined;
  #cancelRest: CancelTimer | undefined;
  #state: 'open' | 'closed' = 'open';

  constructor(options: DocumentRefresherOptions) {
    this.#options = options;
    this.#schedule();
  }

  /** Reads the document now, or joins who does. Never rejects: the observer is told of a failure. */
  async refresh(): Promise<RefreshOutcome> {
    const outcome = await this.#join(this.#read);
    // The round that was under way renewed a lease, and read nothing.
    return outcome === 'renewed' ? this.#join(this.#read) : outcome;
  }

  /** The value in use was refused: asks for another one, unless that was done a moment ago. Never rejects. */
  refuse(): Promise<RefusalOutcome> {
    if (this.#cancelRest !== undefined) return Promise.resolve('unchanged');
    return this.#refusals.join(() => this.#askForAnother());
  }

  /** Ends the round that is under way, and all timers. Resolves when nothing asks the source any more. */
  async close(): Promise<void> {
    this.#state = 'closed';
    this.#cancelNext();
    this.#cancelRest?.();
    this.#attempts?.end(new SecretError('unavailable', this.#options.document));
    await this.#rounds.settled();
  }

  async #askForAnother(): Promise<RefusalOutcome> {
    const { held } = this.#options;
    const { changes } = held;
    const outcome = await this.refresh();
    if (outcome === 'read' && held.changes === changes) await this.#join(this.#switchStage);
    this.#rest();
    return held.changes === changes ? 'unchanged' : 'changed';
  }

  #join(round: Round): Promise<RefreshOutcome> {
    return this.#rounds.join(() => this.#run(round));
  }

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

  readonly #read: Round = async (attempts) => {
    const reading = await attempts.retry(this.#options.source.read);
    if (this.#state === 'closed') return 'failed';
    this.#options.held.takeCurrent(reading);
    return 'read';
  };

  readonly #renewOrRead: Round = async (attempts) =>
    (await this.#isRenewed(attempts)) ? 'renewed' : this.#read(attempts);

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
  readonly #switchStage: Round = async (attempts) => {
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
      void this.#join(this.#renewOrRead);
    });
  }
}
