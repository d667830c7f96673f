import { Writable } from 'node:stream';
import type { Buffer } from 'node:buffer';

/** Keeps what a logger writes. */
export interface LogCapture {
  readonly destination: Writable;
  /** Everything written so far, as one text. */
  text(): string;
  /** The lines written so far, read as JSON. */
  lines(): Record<string, unknown>[];
}

/** Creates a destination for a logger under test. */
export function createLogCapture(): LogCapture {
  let written = '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += chunk.toString();
      done();
    },
  });
  return {
    destination,
    text: () => written,
    lines: () =>
      written
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
