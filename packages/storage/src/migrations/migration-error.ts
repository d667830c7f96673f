/** What is wrong with a set of migrations. */
export type MigrationErrorCode =
  /** A file is not named `NNNN-name.sql`. */
  | 'MIGRATION_NAME'
  /** The numbers do not run 0001, 0002, 0003 … without a gap or a double. */
  | 'MIGRATION_NUMBER'
  /** A file has no statement in it. */
  | 'MIGRATION_EMPTY'
  /** An applied file has another content now. */
  | 'MIGRATION_EDITED'
  /** An applied file is gone: removed, or the database is ahead of this version of the service. */
  | 'MIGRATION_REMOVED'
  /** An applied file has another name or number now. */
  | 'MIGRATION_RENAMED'
  /** A file ended the transaction that it runs in. */
  | 'MIGRATION_TRANSACTION'
  /** The database refused a statement; the cause says why. Nothing of the file was applied. */
  | 'MIGRATION_FAILED';

/** A migration that was refused, or failed. The message names the file and says what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code: MigrationErrorCode;

  constructor(code: MigrationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
