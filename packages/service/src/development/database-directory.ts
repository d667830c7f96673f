import { join } from 'node:path';

/** Where the embedded database of a development start lives, in the folder of its state. */
export function databaseDirectoryOf(directory: string): string {
  return join(directory, 'database');
}
