import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { assertCommitted } from '../../src/setup/working-tree.ts';

let root: string;
const git = (...args: readonly string[]) => spawnSync('git', args, { cwd: root });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'working-tree-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('a working tree', () => {
  it('is taken when git has all of it', () => {
    git('init', '--quiet');
    expect(() => assertCommitted(root)).not.toThrow();
  });

  it('is refused with a file that git does not have', () => {
    git('init', '--quiet');
    writeFileSync(join(root, 'new.txt'), 'new');
    expect(() => assertCommitted(root)).toThrow('not committed');
  });

  it('is refused when it is none', () => {
    expect(() => assertCommitted(root)).toThrow('a clone is needed');
  });
});
