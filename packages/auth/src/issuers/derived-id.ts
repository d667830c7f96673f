import { hash } from 'node:crypto';

/** Custom version of a UUID (RFC 9562, section 5.8), in the high bits of byte 6. */
const VERSION_8 = 0x80;
/** The variant of RFC 9562, section 4.1, in the high bits of byte 8. */
const VARIANT = 0x80;

/**
 * The id that a person of another issuer has here: a UUID of version 8 from the SHA-256 of `iss`, a zero byte and
 * `sub`. The same person has the same id on every replica without a query, two issuers that use the same `sub` name two
 * people (SR-15), and none of them meets an account of this service, whose ids are of version 7. An `iss` holds no zero
 * byte, so the text cannot be read in two ways.
 */
export function deriveUserId(issuer: string, subject: string): string {
  return deriveUuid(`${issuer}\0${subject}`);
}

/** The id that a token or a session of another issuer has here: its own may have any form, and may be one of ours. */
export function deriveTokenOrSessionId(kind: 'jti' | 'sid' | 'payload', issuer: string, id: string): string {
  return deriveUuid(`${kind}\0${issuer}\0${id}`);
}

function deriveUuid(text: string): string {
  const bytes = hash('sha256', text, 'buffer').subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | VERSION_8, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | VARIANT, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
