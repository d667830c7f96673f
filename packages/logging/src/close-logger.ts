import type { Logger } from 'pino';
import { internalsOf } from './logger-internals.ts';

/**
 * Resolves when every line logged so far has left the process, or after 2 s with a collector that does not read. For
 * the end of a shutdown and for crash handlers that may await (SR-38). The logger stays usable: lines logged later are
 * written like all others, at the latest when the process exits.
 *
 * @throws TypeError for a logger that `createLogger` did not make.
 */
export async function closeLogger(logger: Logger): Promise<void> {
  await internalsOf(logger).destination.flush?.();
}

/**
 * Writes every line logged so far before it returns. For the moments in which nothing can be awaited; the default
 * destination does it by itself when the process exits.
 *
 * @throws TypeError for a logger that `createLogger` did not make.
 */
export function flushLoggerSync(logger: Logger): void {
  internalsOf(logger).destination.flushSync?.();
}
