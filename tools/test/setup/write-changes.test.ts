import { Buffer } from 'node:buffer';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { FileChange } from '../../src/setup/plan-setup.ts';
import { type Disk, writeChanges } from '../../src/setup/write-changes.ts';

let root: string;

const before = { 'a.txt': 'a', 'b/run.sh': 'b', 'c.txt': 'c', 'd.txt': 'd' } as const;
const changes: readonly FileChange[] = [
  { path: 'a.txt', target: 'a.txt', bytes: Buffer.from('A'), count: 1 },
  { path: 'b/run.sh', target: 'B/go.sh', bytes: Buffer.from('B'), count: 1 },
  { path: 'c.txt', target: 'c.txt', bytes: undefined, count: 1 },
  { path: 'd.txt', target: 'd.txt', bytes: Buffer.from('D'), count: 1 },
];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'write-changes-'));
  for (const [path, text] of Object.entries(before)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode: path.endsWith('.sh') ? 0o755 : 0o644 });
  }
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const contents = () =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(root.length + 1), readFileSync(path, 'utf8')]),
  );

/** A disk on which the call with this number fails, counted over writes or moves. */
function failing(kind: 'write' | 'move', at: number): Disk {
  let calls = 0;
  const count = (): void => {
    calls += 1;
    if (calls === at) throw new Error('ENOSPC');
  };
  return {
    write: (path, bytes, mode) => {
      if (kind === 'write') count();
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes, { mode });
    },
    move: (from, to) => {
      if (kind === 'move') count();
      mkdirSync(dirname(to), { recursive: true });
      renameSync(from, to);
    },
    remove: (path) => rmSync(path),
  };
}

describe('changes of files', () => {
  it('are written, moved and removed, with the modes that the files had', () => {
    writeChanges(root, changes);
    expect(contents()).toEqual({ 'a.txt': 'A', 'B/go.sh': 'B', 'd.txt': 'D' });
    expect(statSync(join(root, 'B/go.sh')).mode & 0o111).not.toBe(0);
  });

  it.each([
    ['write', 1],
    ['write', 3],
    ['move', 1],
    ['move', 2],
    ['move', 3],
  ] as const)('leave everything as it was when %s %i fails', (kind, at) => {
    expect(() => writeChanges(root, changes, failing(kind, at))).toThrow('nothing was changed');
    expect(contents()).toEqual(before);
  });

  it('that could not be put back are named', () => {
    const disk = failing('move', 3);
    const stuck: Disk = {
      ...disk,
      write: (path, bytes, mode) => {
        if (path === join(root, 'c.txt')) throw new Error('EIO');
        disk.write(path, bytes, mode);
      },
    };
    expect(() => writeChanges(root, changes, stuck)).toThrow(/taken from git: c\.txt$/);
  });

  it('do not replace a file that is there under the new name', () => {
    const change = { path: 'a.txt', target: 'd.txt', bytes: Buffer.from('A'), count: 1 };
    expect(() => writeChanges(root, [change])).toThrow('is there already');
    expect(contents()).toEqual(before);
  });
});
