import { Buffer } from 'node:buffer';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { platform } from 'node:process';
import { pathToFileURL } from 'node:url';
import type { SecretReference } from '../references/secret-reference.ts';
import { type SecretErrorCode, SecretError } from '../secret-error.ts';
import { MAX_SECRET_BYTES, type ReadOptions, type SecretProvider, type SecretReading } from './secret-provider.ts';

/** Any right of "others". A group may read: Kubernetes gives a pod its secrets through `fsGroup`. */
const OTHERS_MODE_MASK = 0o007;

/** Windows keeps rights in lists that the mode does not show. */
const HAS_MODES = platform !== 'win32';

/** O_NONBLOCK: opening a named pipe returns at once, to be refused, and does not wait for a writer. */
const OPEN_FLAGS = constants.O_RDONLY | (HAS_MODES ? constants.O_NONBLOCK : 0);

const codesOfSystemErrors: ReadonlyMap<unknown, SecretErrorCode> = new Map([
  ['ENOENT', 'not-found'],
  ['ENOTDIR', 'not-found'],
  ['ELOOP', 'symlink-loop'],
  ['EISDIR', 'not-a-file'],
]);

/**
 * Reads a secret from a file, as container platforms mount them. Symbolic links are followed: Kubernetes swaps one to
 * rotate. What is checked is the opened file, not the path, so that nothing changes between check and use.
 */
export class FileProvider implements SecretProvider<'file'> {
  readonly scheme = 'file';
  readonly #readers: 'owner and group' | 'anybody';

  /** `anybody`: for files that are no lasting secrets, whose mode is another's affair. */
  constructor(readers: 'owner and group' | 'anybody' = 'owner and group') {
    this.#readers = readers;
  }

  async read({ path }: SecretReference<'file'>, { signal }: ReadOptions): Promise<SecretReading> {
    const reference = pathToFileURL(path).href;
    if (signal.aborted) throw new SecretError('timeout', reference);
    try {
      await using file = await open(path, OPEN_FLAGS);
      const stats = await file.stat();
      if (!stats.isFile()) throw new SecretError('not-a-file', reference);
      if (this.#readers !== 'anybody') assertClosedToOthers(stats, reference);
      const text = parseText(await readAtMost(file, MAX_SECRET_BYTES + 1), reference);
      return { text, createdAtMs: stats.mtimeMs };
    } catch (error) {
      throw error instanceof SecretError ? error : fromSystemError(error, reference);
    }
  }
}

function assertClosedToOthers(stats: Stats, reference: string): void {
  if (HAS_MODES && (stats.mode & OTHERS_MODE_MASK) !== 0) throw new SecretError('open-to-others', reference);
}

/** The size that `stat` gives is no bound: the file may grow, and some file systems say 0. */
async function readAtMost(file: FileHandle, maxBytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(maxBytes);
  let length = 0;
  while (length < maxBytes) {
    const { bytesRead } = await file.read(buffer, length, maxBytes - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** One trailing line break goes: editors and `echo` add it. */
function parseText(bytes: Buffer, reference: string): string {
  if (bytes.length > MAX_SECRET_BYTES) throw new SecretError('too-large', reference);
  const text = decode(bytes, reference).replace(/\r?\n$/, '');
  if (text.trim() === '') throw new SecretError('empty', reference);
  return text;
}

function decode(bytes: Buffer, reference: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SecretError('not-text', reference);
  }
}

function fromSystemError(error: unknown, reference: string): SecretError {
  const systemCode = error instanceof Error && 'code' in error ? error.code : undefined;
  return new SecretError(codesOfSystemErrors.get(systemCode) ?? 'unreadable', reference, { cause: error });
}
