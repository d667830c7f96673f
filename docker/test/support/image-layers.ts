import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

import { docker, succeeded } from './stack.ts';

/** How a compressed layer begins (RFC 1952, section 2.3.1). */
const GZIP = [0x1f, 0x8b] as const;

/** Reads all that an image is kept as, without compression: each layer as a tar archive, and its configuration. */
export async function readImage(image: string): Promise<readonly Uint8Array[]> {
  const folder = await mkdtemp(join(tmpdir(), 'image-layers-'));
  try {
    succeeded(await docker('save', '--output', join(folder, 'image.tar'), image));
    await promisify(execFile)('tar', ['--extract', '--file', 'image.tar'], { cwd: folder });
    await rm(join(folder, 'image.tar'));
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return await Promise.all(files.map((entry) => readBlob(join(entry.parentPath, entry.name))));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What an image weighs on its way: the sum of its parts, compressed as registries keep them. */
export async function compressedBytes(image: string): Promise<number> {
  const parts = await readImage(image);
  const compressed = await Promise.all(parts.map((part) => promisify(gzip)(part)));
  return compressed.reduce((sum, { length }) => sum + length, 0);
}

async function readBlob(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  return bytes[0] === GZIP[0] && bytes[1] === GZIP[1] ? promisify(gunzip)(bytes) : bytes;
}
