import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

import { describe, expect, it } from 'vitest';

import { hasMemoryLimit, isOwnCodeWritable, userOf } from '../../../src/self-check/process-facts.ts';

const FULL_MAP = '         0          0 4294967295\n';

describe('userOf', () => {
  it.each([
    [0, FULL_MAP, 'root'],
    [0, undefined, undefined],
    [0, '', undefined],
    [0, '0 1000 1\n', 'root of a user namespace'],
    [10_001, FULL_MAP, 'another'],
    [undefined, undefined, undefined],
  ] as const)('SR-61: takes the id %j with the map %j for %j', (userId, map, expected) => {
    expect(userOf(userId, map)).toBe(expected);
  });
});

describe('hasMemoryLimit', () => {
  it.each([
    [0, undefined],
    [512, true],
    [1_024, false],
    [2 ** 64, false],
  ])('SR-62: takes %d of 1024 bytes for %j', (constrainedBytes, expected) => {
    expect(hasMemoryLimit(constrainedBytes, 1_024)).toBe(expected);
  });
});

describe('isOwnCodeWritable', () => {
  async function withProgram(run: (file: string) => Promise<void>): Promise<void> {
    const file = join(await mkdtemp(join(tmpdir(), 'own-program-')), 'main.js');
    await writeFile(file, '');
    await run(file);
    await chmod(dirname(file), 0o700);
    await rm(dirname(file), { recursive: true });
  }

  it('SR-62: finds a program that may be replaced', () =>
    withProgram(async (file) => {
      expect(isOwnCodeWritable(file)).toBe(true);
      await chmod(file, 0o400);
      // Its folder lets another file take the name.
      expect(isOwnCodeWritable(file)).toBe(true);
    }));

  it.runIf(process.getuid?.() !== 0)('takes one that this user may not change (root may change every one)', () =>
    withProgram(async (file) => {
      await chmod(file, 0o400);
      await chmod(dirname(file), 0o500);
      expect(isOwnCodeWritable(file)).toBe(false);
    }),
  );

  it.each([undefined, '/no/such/program.js'])('does not know of %j', (file) => {
    expect(isOwnCodeWritable(file)).toBeUndefined();
  });
});
