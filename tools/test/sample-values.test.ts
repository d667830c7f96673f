import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encodeSampleValues } from '@redoubt/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readSampleTexts } from '../src/sample-values.ts';

const root = join(import.meta.dirname, '..', '..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samples-'));
  await writeFile(join(folder, '.gitignore'), '.env*\n');
  await writeFile(join(folder, '.env'), 'ignored');
  await writeFile(join(folder, 'tracked'), 'tracked');
  await writeFile(join(folder, 'removed'), 'removed');
});
afterAll(() => rm(folder, { recursive: true }));

describe('the sample values of a build', () => {
  it('SR-51: are those of all that stands in the folder where git knows nothing of it', async () => {
    expect((await readSampleTexts(folder)).toSorted()).toEqual(['.env*\n', 'removed', 'tracked']);
  });

  it('SR-51: are those of the files that git knows, removed ones left out', async () => {
    const git = (...args: readonly string[]): unknown => execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
    git('init');
    git('add', '.gitignore', 'tracked', 'removed');
    await rm(join(folder, 'removed'));
    await writeFile(join(folder, 'untracked'), 'untracked');
    expect((await readSampleTexts(folder)).toSorted()).toEqual(['', '.env*\n', 'tracked']);
  });

  it('fit into 1 MiB for this repository', async () => {
    const texts = await readSampleTexts(root);
    expect(texts.length).toBeGreaterThan(100);
    expect(encodeSampleValues(texts).length).toBeLessThan(1024 * 1024);
  });
});
