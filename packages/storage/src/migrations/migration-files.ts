import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MigrationError } from './migration-error.ts';

/** A migration as it lies in its directory. */
export interface MigrationFile {
  /** 1 for the first. */
  readonly number: number;
  /** `0001-create-users`. */
  readonly name: string;
  /** Of the file's text with line ends of one byte, so that a checkout on another system has the same: hexadecimal. */
  readonly sha256: string;
  readonly text: string;
}

const FILE_NAME = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.sql$/;

/** Line comments, block comments and space: what a file may hold without doing anything. */
const NO_STATEMENT = /^(?:\s|;|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*$/;

/**
 * Reads `NNNN-name.sql` files, first to last. Files with other endings are left alone.
 *
 * @throws {MigrationError} MIGRATION_NAME, MIGRATION_NUMBER or MIGRATION_EMPTY.
 */
export async function readMigrationFiles(directory: string): Promise<MigrationFile[]> {
  const entries = await readdir(directory);
  const names = entries.filter((entry) => entry.endsWith('.sql')).toSorted();
  return Promise.all(names.map((fileName, index) => readMigrationFile(directory, fileName, index + 1)));
}

async function readMigrationFile(directory: string, fileName: string, number: number): Promise<MigrationFile> {
  assertFileName(fileName, number);
  const text = (await readFile(join(directory, fileName), 'utf8')).replaceAll('\r\n', '\n');
  if (NO_STATEMENT.test(text)) throw new MigrationError('MIGRATION_EMPTY', `${fileName} has no statement in it`);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { number, name: fileName.slice(0, -'.sql'.length), sha256, text };
}

function assertFileName(fileName: string, expectedNumber: number): void {
  const [, digits] = FILE_NAME.exec(fileName) ?? [];
  if (digits === undefined) {
    throw new MigrationError('MIGRATION_NAME', `${fileName} is not named like 0001-create-users.sql`);
  }
  const expected = String(expectedNumber).padStart(4, '0');
  if (digits !== expected) {
    throw new MigrationError('MIGRATION_NUMBER', `${fileName} must have the number ${expected}: no gaps, no doubles`);
  }
}
