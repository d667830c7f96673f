import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { candidatesIn } from './sample-candidates.ts';
import { type SampleValues, sampleValuesOf } from './sample-values.ts';

/** What a list begins with: its form, in 8 bytes. Another form has another name. */
const HEADER = Buffer.from('sample-2', 'latin1');

/**
 * 48 bits of SHA-256 for each value: no sample is missed, and among 130,000 of them one random secret in 2 × 10^9 is taken
 * for one by mistake, and another has to be made. The values stand in the repository for all to read; the digest saves
 * space and hides nothing.
 */
const DIGEST_BYTES = 6;

/** Makes the list of all values in the texts of a repository: their digests in order, after a header. */
export function encodeSampleValues(texts: Iterable<string>): Uint8Array {
  const digests = new Set<string>();
  for (const text of texts) {
    for (const candidate of new Set(candidatesIn(text))) digests.add(digestOf(candidate));
  }
  // One character for one byte: the order of texts is the order of bytes.
  return Buffer.concat([HEADER, Buffer.from([...digests].toSorted().join(''), 'latin1')]);
}

/**
 * Loads a list that {@link encodeSampleValues} made.
 *
 * @throws {Error} of the file system, and `TypeError` for a file that is no such list.
 */
export async function loadSampleValues(path: string | URL): Promise<SampleValues> {
  const list = await readFile(path);
  const digests = list.subarray(HEADER.length);
  const isWhole = digests.length > 0 && digests.length % DIGEST_BYTES === 0;
  if (!isWhole || !list.subarray(0, HEADER.length).equals(HEADER)) throw new TypeError('no list of sample values');
  return sampleValuesOf((value) => includes(digests, Buffer.from(digestOf(value), 'latin1')));
}

/** The leading bytes of a digest, one character each. */
function digestOf(value: string): string {
  return hash('sha256', value, 'latin1').slice(0, DIGEST_BYTES);
}

/** Halves what is left until the digest is found, or nothing is left. */
function includes(digests: Buffer, digest: Buffer): boolean {
  let low = 0;
  let high = digests.length / DIGEST_BYTES;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const order = digests.compare(digest, 0, DIGEST_BYTES, middle * DIGEST_BYTES, (middle + 1) * DIGEST_BYTES);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}
