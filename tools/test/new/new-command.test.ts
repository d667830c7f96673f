import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');

function run(...args: readonly string[]) {
  return spawnSync(process.execPath, ['tools/src/new.ts', ...args], { cwd: root, encoding: 'utf8' });
}

/** What git sees of the working copy. */
function workingCopy(): string {
  return spawnSync('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: root, encoding: 'utf8' }).stdout;
}

describe('pnpm new', () => {
  it('says with --dry-run what it would write, and writes nothing', () => {
    const before = workingCopy();
    const { status, stdout } = run('service', 'ledger-desk', '--dry-run');
    expect(status).toBe(0);
    expect(stdout).toContain('would add     apps/ledger-desk/src/service.ts');
    expect(stdout).toContain('would change  compose.yaml');
    expect(workingCopy()).toBe(before);
  });

  it.each([
    [[]],
    [['service']],
    [['module', 'api']],
    [['thing', 'x']],
    [['service', 'a', 'b']],
    [['service', 'x', '--force']],
  ])('ends with 2 and its usage for %j', (args) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stderr).toContain('usage: pnpm new service <name>');
  });

  it('ends with 2 and the reason for a name that is reserved', () => {
    const { status, stderr } = run('service', 'postgres');
    expect(status).toBe(2);
    expect(stderr).toBe('postgres: this name has another meaning here; choose another\n');
  });
});
