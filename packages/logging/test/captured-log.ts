import { createLogger, type Logger } from '../src/index.ts';

/** Half past nine on a November evening, in milliseconds since 1970. */
export const frozenNow = Date.UTC(2026, 10, 23, 21, 30, 15, 7);

export interface CapturedLog {
  readonly logger: Logger;
  /** Everything written, as one text. */
  readonly text: () => string;
  /** The written lines, parsed; a line that is no JSON object fails the test. */
  readonly lines: () => Record<string, unknown>[];
  /** The last line, parsed. */
  readonly last: () => Record<string, unknown>;
}

/** A logger that writes into memory with a frozen clock. */
export function captureLog(): CapturedLog {
  const written: string[] = [];
  const logger = createLogger({
    service: 'example',
    level: 'trace',
    destination: { write: (line) => written.push(line) },
    now: () => frozenNow,
  });
  const parse = (line: string): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>;
  return {
    logger,
    text: () => written.join(''),
    lines: () => written.map(parse),
    last: () => parse(written.at(-1) ?? ''),
  };
}
