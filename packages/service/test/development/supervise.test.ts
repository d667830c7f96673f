import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type ChildService, startChild } from '@redoubt/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let directory: string;
let sources: string;
let supervisor: ChildService;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'supervise-'));
  sources = join(directory, 'src');
  await mkdir(sources);
});
afterEach(async () => {
  await supervisor.stop();
  await rm(directory, { recursive: true });
});

/** What a developer does: saves a file. */
function save(behaviour: string): Promise<void> {
  return writeFile(join(sources, 'behaviour.txt'), behaviour);
}

async function supervised(behaviour: string, database: Record<string, string> = {}): Promise<void> {
  await save(behaviour);
  const environment = { SOURCES: sources, ...database };
  supervisor = startChild(join(import.meta.dirname, 'fixtures', 'supervising.ts'), environment);
}

/** Resolves when the supervisor and its service have written the text; rejects when they end without it. */
async function written(text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = (): void => {
    if (supervisor.output().includes(text)) resolve();
  };
  supervisor.process.stdout?.on('data', look);
  supervisor.process.stderr?.on('data', look);
  void supervisor.exited.then((code) => reject(new Error(`ended with ${code}:\n${supervisor.output()}`)));
  look();
  await promise;
}

function occurrences(text: string): number {
  return supervisor.output().split(text).length - 1;
}

describe('a service under a supervisor', () => {
  it('starts anew when a source changes, with the rows of before, and is greeted once', async () => {
    await supervised('first', { DATABASE: join(directory, 'database') });
    await written('Ready in');
    await save('second');
    await written('start 2, second');
    await written('Started again in');
    expect(supervisor.output().indexOf('ended, first')).toBeLessThan(supervisor.output().indexOf('start 2'));
    expect(occurrences('http://127.0.0.1:1')).toBe(1);

    expect(await supervisor.stop()).toBe(0);
    expect(supervisor.output()).toContain('ended, second');
  });

  it('waits for the change that mends a service which no longer starts', async () => {
    await supervised('first');
    await written('Ready in');
    await save('breaks');
    await written('The service ended (70)');
    await save('mended');
    await written('\nmended\n');
    expect(occurrences('Ready in')).toBe(1);
  });

  it('ends with the code of a service that never started', async () => {
    await supervised('breaks');
    expect(await supervisor.exited).toBe(70);
    expect(supervisor.output()).toContain('cannot start');
  });

  it('takes no file that an editor leaves for a source', async () => {
    await supervised('first');
    await written('Ready in');
    await writeFile(join(sources, '.behaviour.txt.swp'), '');
    await save('second');
    await written('\nsecond\n');
    expect(supervisor.output()).not.toContain('.swp');
  });
});
