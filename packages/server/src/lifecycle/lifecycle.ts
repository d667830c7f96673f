import type { Logger } from '@redoubt/logging';

import { SHUTDOWN_DEADLINE_MS } from '../limits.ts';

/** Where a process stands. Only `ready` takes new traffic. */
export type LifecycleState = 'starting' | 'ready' | 'draining';

/** Something to close at the end, in the order given: servers first, then what they lean on. */
export interface Closable {
  readonly name: string;
  close(): Promise<void>;
}

/** How a process starts and ends. */
export interface Lifecycle {
  readonly state: LifecycleState;
  /** Everything is up: the ready probe may say so. */
  markReady(): void;
  /**
   * Ends the process's work once: the ready probe turns 503, load balancers get `drainDelayMs` to notice, servers
   * finish what is in flight, then the rest closes. Resolves with whether all of it ended within the delay and the
   * deadline after it; a second call returns the first one's promise.
   */
  shutdown(reason: string): Promise<'clean' | 'overdue'>;
}

/** What a lifecycle is made of. */
export interface LifecycleOptions {
  readonly logger: Logger;
  readonly closables: readonly Closable[];
  /** Milliseconds between "not ready" and "not listening". */
  readonly drainDelayMs: number;
  /** Told once, before anything is closed, why the process ends. */
  readonly onShutdown?: (reason: string) => void;
  /** Milliseconds for all that follows the delay; `SHUTDOWN_DEADLINE_MS` in `limits.ts` unless said otherwise (SR-38). */
  readonly deadlineMs?: number;
}

/** Creates the lifecycle of a process. */
export function createLifecycle(options: LifecycleOptions): Lifecycle {
  let state: LifecycleState = 'starting';
  let ending: Promise<'clean' | 'overdue'> | undefined;
  return {
    get state() {
      return state;
    },
    markReady() {
      if (state === 'starting') state = 'ready';
    },
    shutdown(reason) {
      if (ending === undefined) {
        state = 'draining';
        options.logger.info({ reason }, 'shutting down');
        options.onShutdown?.(reason);
        const { drainDelayMs, deadlineMs = SHUTDOWN_DEADLINE_MS } = options;
        ending = withDeadline(drain(options), drainDelayMs + deadlineMs);
      }
      return ending;
    },
  };
}

async function drain({ logger, closables, drainDelayMs }: LifecycleOptions): Promise<'clean'> {
  await delay(drainDelayMs);
  for (const closable of closables) {
    try {
      await closable.close();
    } catch (error) {
      // The others still deserve to be closed.
      logger.error({ err: error, closable: closable.name }, 'could not close');
    }
  }
  return 'clean';
}

async function withDeadline(work: Promise<'clean'>, deadlineMs: number): Promise<'clean' | 'overdue'> {
  const { promise: overdue, resolve } = Promise.withResolvers<'overdue'>();
  const timer = setTimeout(() => resolve('overdue'), deadlineMs);
  try {
    return await Promise.race([work, overdue]);
  } finally {
    clearTimeout(timer);
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
