import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

import { importSigningKeySchedule } from '@redoubt/auth';
import { Secret } from '@redoubt/secrets';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { commandBlock } from './support/command-block.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guides-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the block of a guide that begins with a line, in an empty folder. */
function follow(guide: string, firstLine: string): void {
  const script = commandBlock(`docs/guides/${guide}`, firstLine);
  execFileSync('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
    stdio: 'pipe',
  });
}

describe('the guides', () => {
  it('SR-52: put a second signing key behind the first, for the owner alone', async () => {
    const file = join(folder, 'signing-key');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const first = privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(file, first, { mode: 0o400 });
    follow('rotate-a-key.md', 'umask 077');
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^Signs-From: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/m);
    expect(text.startsWith(first)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o400);
    expect(await importSigningKeySchedule(Secret.of(text))).toHaveLength(2);
  });

  it('SR-51: make a secret that others cannot read', () => {
    follow('add-a-secret.md', 'mkdir -p .local/secrets');
    const file = join(folder, '.local/secrets/geocoder-key');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readFileSync(file, 'utf8').trim()).toHaveLength(44);
  });
});
