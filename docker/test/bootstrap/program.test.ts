import { spawnSync } from 'node:child_process';
import process from 'node:process';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { differences, Stage } from './support/stage.ts';

const bootstrap = new URL('../../src/bootstrap.ts', import.meta.url).pathname;

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.create();
});
afterEach(() => stage.dispose());

function run(environment: Record<string, string>) {
  return spawnSync(process.execPath, [bootstrap, stage.root, stage.configSource], {
    env: environment,
    encoding: 'utf8',
  });
}

describe('the program', () => {
  it('fails with one line that says what to mend, and changes nothing', async () => {
    const { status, stdout, stderr } = run({ EDGE_NAMES: 'localhost,*.test' });
    expect([status, stdout, stderr]).toEqual([
      1,
      '',
      'bootstrap: EDGE_NAMES: "*.test" is neither a host name nor an address\n',
    ]);
    expect(differences(new Map(), await stage.readAll())).toEqual([]);
  });

  it('fails with one line for a renewal that it does not know', () => {
    const { status, stdout, stderr } = run({ RENEW: 'yes' });
    expect([status, stdout, stderr]).toEqual([1, '', 'bootstrap: RENEW: it is "now" or "when due"\n']);
  });

  it('SR-51: fails without a value in its message when a key is damaged', async () => {
    await stage.run();
    const key = await stage.read('authority/server-authority.key');
    await stage.tamper('authority/server-authority.key', () => key.replace('\n', '\nAAAA'));
    const { status, stderr } = run({});
    expect([status, stderr.split('\n').length]).toEqual([1, 2]);
    expect(stderr).toMatch(/^bootstrap: the key of the server authority is absent, damaged or another one/);
    expect(stderr).not.toContain(key.split('\n')[1]);
  });
});
