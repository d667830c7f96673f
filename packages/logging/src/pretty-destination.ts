import process from 'node:process';
import { compactLine } from './compact-line.ts';
import type { LogDestination } from './destination.ts';

/**
 * A destination for a person at a terminal: pino-pretty in this process, written at once, requests and security events
 * short. pino-pretty is loaded by the first call; a production bundle, which never calls this, does not contain it. Not
 * for production: writing blocks.
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
      process.stdout.write(format(shorten(line)));
    },
  };
}

/** The same line with less in it, where less is enough. */
function shorten(line: string): string {
  const { level, time, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const compact = compactLine(fields);
  return compact === undefined ? line : JSON.stringify({ level, time, ...compact.rest, msg: compact.text });
}
