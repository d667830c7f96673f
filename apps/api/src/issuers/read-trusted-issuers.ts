import type { Buffer } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';

import { findTrustedIssuerFaults, type TrustedIssuer } from '@redoubt/auth';
import { refusedSetting, type SettingFault, SettingsError } from '@redoubt/config';
import { InvalidJsonError, parseStrictJson } from '@redoubt/server';
import { Value } from '@sinclair/typebox/value';

import { roles } from '../access.ts';
import type { Settings } from '../settings.ts';
import { TrustedIssuers } from './trusted-issuers-schema.ts';

/** Largest file that is read: 64 KiB, room for 16 issuers with long role maps. */
const MAX_FILE_BYTES = 64 * 1024;

const EXAMPLE = 'a file as docs/decisions/010-external-issuers.md shows';

/**
 * Reads the issuers that are trusted beside the service itself; none when no file is named. Throws `SettingsError` with
 * every fault of the file, each with its place and without a value, as the other settings do (SR-53).
 */
export async function readTrustedIssuers(settings: Settings): Promise<readonly TrustedIssuer[]> {
  if (settings.TRUSTED_ISSUERS_FILE === undefined) return [];
  const read = parse(await readBytes(settings.TRUSTED_ISSUERS_FILE));
  if (!Value.Check(TrustedIssuers, read)) throw new SettingsError(faultsOfForm(read));
  const faults = [
    ...findTrustedIssuerFaults(read, { ownIssuer: settings.PUBLIC_URL, roles }).map(({ pointer, expected }) =>
      faultAt(pointer, expected),
    ),
    ...(settings.NODE_ENV === 'production' ? faultsInProduction(read) : []),
  ];
  if (faults.length > 0) throw new SettingsError(faults);
  return read;
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    if ((await stat(path)).size <= MAX_FILE_BYTES) return await readFile(path);
  } catch {
    // Why is for the person who mends the setting to see; the path may be a secret put in the wrong place.
    throw new SettingsError([
      refused('a file that can be read', 'Name a file that exists, and let the service read it.'),
    ]);
  }
  throw new SettingsError([refused('a file of 64 KiB at most', 'List fewer issuers, or shorter role maps.')]);
}

function parse(bytes: Buffer): unknown {
  try {
    return parseStrictJson(bytes);
  } catch (error) {
    if (error instanceof InvalidJsonError) throw new SettingsError([refused(EXAMPLE, 'Write it as JSON.')]);
    throw error;
  }
}

function faultsOfForm(read: unknown): readonly SettingFault[] {
  const places = new Map([...Value.Errors(TrustedIssuers, read)].map(({ path, message }) => [path, message]));
  return [...places].map(([path, message]) => faultAt(path === '' ? '/' : path, message));
}

/** Plain http to the own machine is for development: what answers there in production is not a provider. */
function faultsInProduction(issuers: readonly TrustedIssuer[]): readonly SettingFault[] {
  return issuers.flatMap(({ reach }, index) =>
    reach === 'loopback' ? [faultAt(`/${index}/reach`, 'public or private in production')] : [],
  );
}

function faultAt(pointer: string, expected: string): SettingFault {
  return refused(`at ${pointer}: ${expected}`, `Mend ${pointer} of the file that it names.`);
}

function refused(expected: string, fix: string): SettingFault {
  return refusedSetting('RD-017', 'TRUSTED_ISSUERS_FILE', expected, fix);
}
