import { MigrationError } from './migration-error.ts';
import type { MigrationFile } from './migration-files.ts';

/** A migration as the database remembers it. */
export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
}

/**
 * Finds the first file that was not applied yet, or `undefined` when all were.
 *
 * What was applied must be what lies there, in the same order: a history that differs would give two databases of one
 * version two schemas.
 *
 * @throws {MigrationError} MIGRATION_EDITED, MIGRATION_RENAMED or MIGRATION_REMOVED.
 */
export function findNextMigration(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): MigrationFile | undefined {
  for (const [index, migration] of applied.entries()) assertUnchanged(migration, files[index], files);
  return files[applied.length];
}

function assertUnchanged(
  applied: AppliedMigration,
  file: MigrationFile | undefined,
  files: readonly MigrationFile[],
): void {
  if (file?.name === applied.name && file.sha256 === applied.sha256) return;
  if (file?.name === applied.name) {
    throw new MigrationError(
      'MIGRATION_EDITED',
      `${applied.name}.sql was edited after it was applied: restore it, and write the change as a new migration`,
    );
  }
  const renamed = files.find(({ sha256 }) => sha256 === applied.sha256);
  if (renamed !== undefined) {
    throw new MigrationError('MIGRATION_RENAMED', `${applied.name}.sql was applied and is ${renamed.name}.sql now`);
  }
  throw new MigrationError(
    'MIGRATION_REMOVED',
    `${applied.name}.sql was applied and is gone: restore it, or start a version of the service that has it`,
  );
}
