import type { Logger } from '@redoubt/logging';

/** What this package needs of a logger: connection losses and recoveries go there, never keys, values or SQL. */
export type StorageLogger = Pick<Logger, 'info' | 'warn' | 'error'>;
