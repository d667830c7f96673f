import { Buffer } from 'node:buffer';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { platform } from 'node:process';

/** Why a file is not taken. */
export type DecisiveFileFault = 'unreadable' | 'no regular file' | 'too large' | 'writable by everybody';

/** The content of a file, or why it is not taken. */
export type DecisiveFileReading = { readonly bytes: Buffer } | { readonly fault: DecisiveFileFault };

/** O_NONBLOCK: opening a named pipe returns at once, to be refused, and does not wait for a writer. */
const OPEN_FLAGS = constants.O_RDONLY | (platform === 'win32' ? 0 : constants.O_NONBLOCK);

/** The right of "others" to write. Windows keeps rights in lists that the mode does not show. */
const OTHERS_WRITE = platform === 'win32' ? 0 : 0o002;

/**
 * Reads a file that decides what a service trusts or keeps silent about: who may write it decides in its place. What
 * is judged is the file that was opened, whatever stands at the path by then. Never rejects: an error would quote the
 * path, which may be a secret put in the wrong place.
 */
export async function readDecisiveFile(path: string, maxBytes: number): Promise<DecisiveFileReading> {
  try {
    await using file = await open(path, OPEN_FLAGS);
    return await readFrom(file, maxBytes);
  } catch {
    // Absent, or not ours to read: the caller tells of the fault.
    return { fault: 'unreadable' };
  }
}

async function readFrom(file: FileHandle, maxBytes: number): Promise<DecisiveFileReading> {
  const stats = await file.stat();
  if (!stats.isFile()) return { fault: 'no regular file' };
  if ((stats.mode & OTHERS_WRITE) !== 0) return { fault: 'writable by everybody' };
  const bytes = await readAtMost(file, maxBytes + 1);
  return bytes.length > maxBytes ? { fault: 'too large' } : { bytes };
}

/** Whatever size the file has, says it has, or grows to meanwhile. */
async function readAtMost(file: FileHandle, maxBytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(maxBytes);
  let length = 0;
  while (length < maxBytes) {
    const { bytesRead } = await file.read(buffer, length, maxBytes - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}
