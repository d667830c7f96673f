import process from 'node:process';

import { closeLogger, type Logger } from '@redoubt/logging';

import type { Lifecycle } from './lifecycle.ts';

/** How a process ends of itself: what nobody caught. The reasons of a shutdown otherwise are signals. */
export const CRASHES = ['uncaught exception', 'unhandled rejection'] as const;

/** The process ended because something was thrown that nobody caught, or before its work was done. */
const EXIT_CODE_CRASH = 1;

/**
 * Ties a lifecycle to the process: SIGTERM and SIGINT drain and exit 0; what nobody caught is logged, drains and exits
 * 1, because the state behind it is unknown (SR-38). Log lines are flushed before the process ends.
 */
export function installProcessHandlers(lifecycle: Lifecycle, logger: Logger): void {
  const end = (reason: string, exitCode: number): void => {
    void lifecycle
      .shutdown(reason)
      .then(async (result) => {
        if (result === 'overdue') logger.error('the shutdown took too long and was cut off');
        await closeLogger(logger);
        return result === 'overdue' ? EXIT_CODE_CRASH : exitCode;
      })
      .then(exit, () => exit(EXIT_CODE_CRASH));
  };
  process.once('SIGTERM', () => end('SIGTERM', 0));
  process.once('SIGINT', () => end('SIGINT', 0));
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'nobody caught this');
    end(CRASHES[0], EXIT_CODE_CRASH);
  });
  process.on('unhandledRejection', (reason) => {
    logger.fatal({ err: reason }, 'nobody handled this rejection');
    end(CRASHES[1], EXIT_CODE_CRASH);
  });
}

function exit(code: number): void {
  // oxlint-disable-next-line unicorn/no-process-exit -- the end of a shutdown: a handle left open must not keep the process
  process.exit(code);
}
