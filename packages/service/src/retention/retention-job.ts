import { randomInt } from 'node:crypto';

import type { Logger } from '@redoubt/logging';

/** Rows of one statement: it holds its locks for some tens of milliseconds, far below the statement timeout. */
const BATCH_ROWS = 1000;

/** Batches of one rule in one run: a run ends, and a backlog is gone after some of them. */
const MAX_BATCHES = 200;

/** One sort of row that is kept for a while only. */
export interface RetentionRule {
  /** The table, as the log names it. */
  readonly name: string;
  /**
   * Deletes so many rows at most whose time is over, and answers how many. Rows that somebody else holds are left to
   * them: replicas that do this at once share the work and never wait for each other.
   */
  deleteExpired(maxRows: number): Promise<number>;
}

/** What {@link startRetention} needs. */
export interface RetentionOptions {
  readonly rules: readonly RetentionRule[];
  /** Milliseconds between two runs, on average. What has expired is refused anyway; a run only makes room. */
  readonly intervalMs: number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Runs the task once, unless it is taken back. Default: the system's timer, which keeps no process alive. */
  readonly after?: (delayMs: number, task: () => void) => () => void;
  /** A whole number from 0 to below the bound. Default: the system's randomness. */
  readonly drawBelow?: (bound: number) => number;
}

/** Deletes what has expired until it is closed. */
export interface Retention {
  /** Resolves when nothing of it runs any more; a run that is under way ends with its batch. */
  close(): Promise<void>;
}

/**
 * Runs the rules again and again, on every replica, each at moments of its own: half to one and a half times the interval
 * after the last run. A rule that fails is logged, stops none of the others, and has its next turn with the next run.
 */
export function startRetention(options: RetentionOptions): Retention {
  const { rules, intervalMs, logger, after = startTimer, drawBelow = (bound) => randomInt(bound) } = options;
  let state: 'open' | 'closed' = 'open';
  let running = Promise.resolve();
  let cancel = schedule();

  function schedule(): () => void {
    return after(intervalMs / 2 + drawBelow(intervalMs), () => {
      running = run();
    });
  }

  async function run(): Promise<void> {
    for (const rule of rules) await apply(rule);
    if (state === 'open') cancel = schedule();
  }

  async function apply(rule: RetentionRule): Promise<void> {
    try {
      const rows = await deleteAll(rule, () => state === 'open');
      if (rows > 0) logger.info({ table: rule.name, rows }, 'deleted what had expired');
    } catch (error) {
      logger.warn({ err: error, table: rule.name }, 'could not delete what has expired; the next run tries again');
    }
  }

  return {
    close() {
      state = 'closed';
      cancel();
      return running;
    },
  };
}

/** Batch after batch, until one is not full: then nothing is left, or others have it. */
async function deleteAll({ deleteExpired }: RetentionRule, mayGoOn: () => boolean): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < MAX_BATCHES && mayGoOn(); batch += 1) {
    const rows = await deleteExpired(BATCH_ROWS);
    total += rows;
    if (rows < BATCH_ROWS) break;
  }
  return total;
}

function startTimer(delayMs: number, task: () => void): () => void {
  const timer = setTimeout(task, delayMs).unref();
  return () => clearTimeout(timer);
}
