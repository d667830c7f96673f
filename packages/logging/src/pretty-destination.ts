import process from 'node:process';
import type { LogDestination } from './destination.ts';

/**
 * A destination for a person at a terminal: pino-pretty in this process, written at once. pino-pretty is loaded by the
 * first call; a production bundle, which never calls this, does not contain it. Not for production: writing blocks.
 */
export async function createPrettyDestination(): Promise<LogDestination> {
  const { default: prettyPrinter } = await import('pino-pretty');
  const format = prettyPrinter.prettyFactory({
    colorize: process.stdout.isTTY,
    ignore: 'service',
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
  });
  return {
    write(line) {
      process.stdout.write(format(line));
    },
  };
}
