import { Buffer } from 'node:buffer';
import { MAX_SECRET_BYTES, type SecretReading } from '../secret-provider.ts';
import { type JsonObject, objectIn, textIn, wholeNumberIn } from './vault-answer.ts';
import { VaultFault } from './vault-fault.ts';
import type { VaultMount } from './vault-mounts.ts';

/**
 * Where a document is read: KV version 2 has them below `data/`.
 *
 * @throws {VaultFault} `not-found` for the mount itself, which is no document.
 */
export function requestPathOf(path: string, { path: mountPath, kind }: VaultMount): string {
  const rest = path.slice(mountPath.length);
  if (rest === '') throw new VaultFault('not-found');
  return kind === 'versioned' ? `${mountPath}data/${rest}` : path;
}

/**
 * The document in an answer of KV version 2. A version that was deleted or destroyed is answered with 404 and is none.
 *
 * @throws {VaultFault} `malformed-answer` or `too-large`
 */
export function versionedReading(answer: JsonObject): SecretReading {
  const data = objectIn(answer, 'data');
  const metadata = objectIn(data, 'metadata');
  const createdTime = textIn(metadata, 'created_time');
  const createdAtMs = Date.parse(createdTime);
  if (!Number.isFinite(createdAtMs)) throw new VaultFault('malformed-answer');
  // With its time: a secret that was removed for good and made anew counts its versions from 1 again.
  const version = `${wholeNumberIn(metadata, 'version')} of ${createdTime}`;
  return { text: toText(objectIn(data, 'data')), version, createdAtMs };
}

/**
 * The document in the answer of any other engine.
 *
 * @throws {VaultFault} `malformed-answer` or `too-large`
 */
export function plainReading(answer: JsonObject): SecretReading {
  return { text: toText(objectIn(answer, 'data')) };
}

function toText(data: JsonObject): string {
  const text = JSON.stringify(data);
  if (Buffer.byteLength(text) > MAX_SECRET_BYTES) throw new VaultFault('too-large');
  return text;
}
