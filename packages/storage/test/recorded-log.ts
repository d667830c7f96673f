import type { StorageLogger } from '../src/index.ts';

/** A logger that keeps every argument it was given. */
export interface RecordedLog extends StorageLogger {
  readonly entries: unknown[][];
}

/** Creates an empty one. */
export function createRecordedLog(): RecordedLog {
  const entries: unknown[][] = [];
  const record = (...entry: unknown[]): void => {
    entries.push(entry);
  };
  return { entries, info: record, warn: record, error: record };
}
