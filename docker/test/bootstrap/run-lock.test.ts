import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { BootstrapError } from '../../src/bootstrap/bootstrap-error.ts';
import { leafProfiles } from '../../src/bootstrap/leaves.ts';
import { takeRunLock } from '../../src/bootstrap/run-lock.ts';
import { passwordNames } from '../../src/bootstrap/volumes.ts';
import { differences, Stage } from './support/stage.ts';

/** Three authorities, a certificate of each party, each password, the signing key and the access list. */
const THINGS = 3 + leafProfiles([]).size + passwordNames.length + 1 + 1;

const bootstrap = new URL('../../src/bootstrap.ts', import.meta.url).pathname;
const lock = new URL('../../src/bootstrap/run-lock.ts', import.meta.url).href;

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.create();
});
const holders: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(holders.splice(0).map(kill));
  await stage.dispose();
});

/** A process that holds the lock until it is killed. */
async function startHolder() {
  const script = `
    const { takeRunLock } = await import(${JSON.stringify(lock)});
    const held = takeRunLock(process.argv[1]);
    console.log('held');
    setInterval(() => held, 1000);`;
  const folder = stage.path('authority');
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  holders.push(child);
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.kill('SIGKILL')) await once(child, 'exit');
}

describe('two bootstraps at once', () => {
  it('the second is told who is at work, and changes nothing', async () => {
    await startHolder();
    expect(() => takeRunLock(stage.path('authority'), 0)).toThrow(BootstrapError);
    expect(differences(new Map(), await stage.readAll())).toEqual([]);
  });

  it('a run that was killed blocks nobody', async () => {
    await kill(await startHolder());
    expect(() => takeRunLock(stage.path('authority'), 0)[Symbol.dispose]()).not.toThrow();
  });

  it.runIf(process.getuid?.() === 0)('make the same files: one makes, the other finds', async () => {
    const children = [1, 2].map(() =>
      spawn(process.execPath, [bootstrap, stage.root, stage.configSource], { stdio: 'pipe' }),
    );
    const told = await Promise.all(
      children.map(async (child) => {
        const [output] = await Promise.all([child.stdout.toArray(), once(child, 'exit')]);
        const changes = output.join('').matchAll(/^(?:made|renewed|restored) /gm);
        return { code: child.exitCode, changes: [...changes].length };
      }),
    );
    expect(told.toSorted((a, b) => a.changes - b.changes)).toEqual([
      { code: 0, changes: 0 },
      { code: 0, changes: THINGS },
    ]);
  });
});
