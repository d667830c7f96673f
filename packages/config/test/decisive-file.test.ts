import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { platform } from 'node:process';

import { describe, expect, it } from 'vitest';

import { readDecisiveFile } from '../src/index.ts';
import { inFolder } from './self-check/registry/secret-files.ts';

const MAX_BYTES = 8;

/** What comes of reading the file that was made, as text. */
function read(make: (path: string) => Promise<unknown>): Promise<string> {
  return inFolder(async (folder) => {
    const path = join(folder, 'file');
    await make(path);
    const reading = await readDecisiveFile(path, MAX_BYTES);
    return 'fault' in reading ? reading.fault : `read ${reading.bytes.toString('utf8')}`;
  });
}

describe('a file that decides', () => {
  it('is read whole, up to its limit', async () => {
    expect(await read((path) => writeFile(path, '12345678'))).toBe('read 12345678');
    expect(await read((path) => writeFile(path, ''))).toBe('read ');
  });

  it('SR-53: is not taken when it is absent, a folder or longer', async () => {
    expect(await read(() => Promise.resolve())).toBe('unreadable');
    expect(await read((path) => mkdir(path))).toBe('no regular file');
    expect(await read((path) => writeFile(path, '123456789'))).toBe('too large');
  });

  describe.skipIf(platform === 'win32')('where files have modes', () => {
    it.each([
      [0o666, 'writable by everybody'],
      [0o602, 'writable by everybody'],
      [0o664, 'read x'],
      [0o444, 'read x'],
    ])('SR-53: with the mode %o it is: %s', async (mode, expected) => {
      const make = async (path: string): Promise<void> => {
        await writeFile(path, 'x');
        await chmod(path, mode);
      };
      expect(await read(make)).toBe(expected);
    });

    it('SR-53: is judged by what a link leads to', async () => {
      const make = async (path: string): Promise<void> => {
        await writeFile(`${path}-target`, 'x');
        await chmod(`${path}-target`, 0o666);
        await symlink(`${path}-target`, path);
      };
      expect(await read(make)).toBe('writable by everybody');
    });

    it('SR-53: is no pipe, which nobody may ever write, and no device, which says that it is empty', async () => {
      const pipe = (path: string): Promise<unknown> => Promise.resolve(execFileSync('/usr/bin/mkfifo', [path]));
      expect(await read(pipe)).toBe('no regular file');
      expect(await read((path) => symlink('/dev/zero', path))).toBe('no regular file');
    });

    it.runIf(platform === 'linux')('SR-53: is measured by what it gives, not by the size that it tells', async () => {
      expect(await read((path) => symlink('/proc/self/status', path))).toBe('too large');
    });
  });
});
