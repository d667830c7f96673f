import type { Buffer } from 'node:buffer';

import {
  type DecisiveFileFault,
  readDecisiveFile,
  refusedSetting,
  type SettingFault,
  SettingsError,
} from '@redoubt/config';
import { InvalidJsonError, parseStrictJson } from '@redoubt/server';
import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

/** Largest file that is read: 64 KiB, room for a hundred entries. */
const MAX_FILE_BYTES = 64 * 1024;

/** What is expected of a file that is not taken, and what to do. Why it cannot be read is for who mends it to see. */
const FILE_FAULTS: Readonly<Record<DecisiveFileFault, readonly [expected: string, fix: string]>> = {
  unreadable: ['a file that can be read', 'Name a file that exists, and let the service read it.'],
  'no regular file': ['a regular file', 'Name a file, and no folder, pipe or device.'],
  'too large': ['a file of 64 KiB at most', 'List fewer entries, or shorter ones.'],
  'writable by everybody': [
    'a file that not everybody can change',
    'Take the right to write from others (chmod o-w): who can change it decides whom the service trusts.',
  ],
};

/** A JSON file that a setting names. */
export interface SettingsFile<Schema extends TSchema> {
  /** The setting's name. */
  readonly setting: string;
  readonly path: string;
  readonly schema: Schema;
  /** Where an example stands. */
  readonly example: string;
}

/**
 * Reads a JSON file that a setting names, as strictly as the setting itself.
 *
 * @throws {SettingsError} with every fault of its form, each with its place and without a value (SR-53).
 */
export async function readSettingsFile<Schema extends TSchema>(file: SettingsFile<Schema>): Promise<Static<Schema>> {
  const read = parse(await readBytes(file), file);
  if (Value.Check(file.schema, read)) return read;
  const places = new Map([...Value.Errors(file.schema, read)].map(({ path, message }) => [path, message]));
  throw new SettingsError(
    [...places].map(([path, message]) => faultAt(file.setting, path === '' ? '/' : path, message)),
  );
}

/** What is wrong at one place of a file, by its JSON pointer. */
export function faultAt(setting: string, pointer: string, expected: string): SettingFault {
  return refusedSetting('RD-017', setting, `at ${pointer}: ${expected}`, `Mend ${pointer} of the file that it names.`);
}

async function readBytes({ setting, path }: SettingsFile<TSchema>): Promise<Buffer> {
  const reading = await readDecisiveFile(path, MAX_FILE_BYTES);
  if ('fault' in reading) throw refuse(setting, ...FILE_FAULTS[reading.fault]);
  return reading.bytes;
}

function parse(bytes: Buffer, { setting, example }: SettingsFile<TSchema>): unknown {
  try {
    return parseStrictJson(bytes);
  } catch (error) {
    if (error instanceof InvalidJsonError) throw refuse(setting, `a file as ${example} shows`, 'Write it as JSON.');
    throw error;
  }
}

function refuse(setting: string, expected: string, fix: string): SettingsError {
  return new SettingsError([refusedSetting('RD-017', setting, expected, fix)]);
}
