import { Buffer } from 'node:buffer';

import { PasswordHashFormatError } from '../errors.ts';
import { type Argon2Parameters, isBoundedWork } from './argon2-parameters.ts';

/** Bytes of salt for a new hash, and the fewest accepted in a stored one (SR-10, RFC 9106 section 4). */
export const SALT_BYTES = 16;
/** Bytes of tag for a new hash, and the fewest accepted in a stored one (SR-10, RFC 9106 section 4). */
export const TAG_BYTES = 32;
/** More salt or tag than this was not written by a service of this kind. */
const MAX_FIELD_BYTES = 64;

/** A password hash, taken apart. */
export interface PasswordHash {
  readonly parameters: Argon2Parameters;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/** argon2id, version 0x13, decimal numbers without leading zeros, unpadded base64 (the PHC string format). */
const PHC =
  /^\$argon2id\$v=19\$m=(?<m>[1-9][0-9]{0,6}),t=(?<t>[1-9][0-9]?),p=(?<p>[1-9])\$(?<salt>[A-Za-z0-9+/]{1,90})\$(?<tag>[A-Za-z0-9+/]{1,90})$/;

/** Writes a hash as `$argon2id$v=19$m=…,t=…,p=…$salt$tag` (SR-10). */
export function formatPhcString({ parameters, salt, tag }: PasswordHash): string {
  const { memoryKib, passes, parallelism } = parameters;
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

/**
 * Reads a stored hash. Anything that {@link formatPhcString} would not write back byte for byte, and any computation
 * longer than about a second, is an error.
 *
 * @throws {PasswordHashFormatError} which holds nothing of the stored value.
 */
export function parsePhcString(text: string): PasswordHash {
  const fields = PHC.exec(text)?.groups;
  if (fields === undefined) throw new PasswordHashFormatError();
  const parameters = { memoryKib: Number(fields['m']), passes: Number(fields['t']), parallelism: Number(fields['p']) };
  if (!isBoundedWork(parameters)) throw new PasswordHashFormatError();
  return { parameters, salt: parseField(fields['salt'], SALT_BYTES), tag: parseField(fields['tag'], TAG_BYTES) };
}

function parseField(text: string | undefined, minBytes: number): Buffer {
  const bytes = Buffer.from(text ?? '', 'base64');
  // Writing it again must give the same text: unused bits in the last character are not ours.
  if (bytes.length < minBytes || bytes.length > MAX_FIELD_BYTES || unpadded(bytes) !== text) {
    throw new PasswordHashFormatError();
  }
  return bytes;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
