import { Buffer } from 'node:buffer';
import type { KeyVaultSecret } from '@azure/keyvault-secrets';
import { MAX_SECRET_BYTES, type SecretReading } from '../secret-provider.ts';
import { AzureFault } from './azure-fault.ts';

/**
 * Takes from an answer what the port wants, once it is clear that it is a secret, and one that may be used now.
 *
 * @throws {AzureFault} `not-found`, `empty`, `too-large` or `malformed-answer`.
 */
export function readSecret({ value, properties }: KeyVaultSecret, nowMs: number): SecretReading {
  const { version, enabled, createdOn, notBefore, expiresOn } = properties;
  const createdAtMs = timeOf(createdOn);
  if (typeof value !== 'string' || typeof version !== 'string' || version === '' || createdAtMs === undefined)
    throw new AzureFault('malformed-answer', 'The answer is no secret.');
  if (enabled !== true) throw new AzureFault('not-found', 'It is disabled.');
  if ((timeOf(notBefore) ?? -Infinity) > nowMs) throw new AzureFault('not-found', 'It is not valid yet.');
  if ((timeOf(expiresOn) ?? Infinity) <= nowMs) throw new AzureFault('not-found', 'It has expired.');
  if (value.trim() === '') throw new AzureFault('empty', 'It has no text.');
  if (Buffer.byteLength(value) > MAX_SECRET_BYTES) throw new AzureFault('too-large', 'Its text is too long.');
  return { text: value, version, createdAtMs };
}

/** Milliseconds since 1970; undefined where the answer gives no time. */
function timeOf(time: Date | undefined): number | undefined {
  const given: unknown = time;
  if (given === undefined || given === null) return undefined;
  // The SDK makes a date of whatever is there, but of the zero that 1970 is.
  const timeMs = given === 0 ? 0 : given instanceof Date ? given.getTime() : Number.NaN;
  if (Number.isNaN(timeMs)) throw new AzureFault('malformed-answer', 'A time of the answer is none.');
  return timeMs;
}
