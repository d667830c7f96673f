import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { services } from '../src/services.ts';

const script = join(import.meta.dirname, '..', 'renew.sh');

/** In the place of `docker compose`: notes what it is asked, and answers from files. */
const COMPOSE = `#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$STAGE/calls"
case "$*" in
  *' bootstrap') cat "$STAGE/report" ;;
  *' served-certificates') cat "$STAGE/served" ;;
  'ps '*) grep --quiet --line-regexp "\${!#}" "$STAGE/stopped" || echo 0123 ;;
  'config edge') printf '      EDGE_SERVER_NAME: localhost\\n' ;;
  *'printf %s'*) cat "$STAGE/name" ;;
esac
`;

/** Servers of services that were added to the stack. */
const added = services.slice(1).flatMap(({ name, prefix }) => [name, `${prefix}postgres`]);
const names = ['edge', 'api', 'postgres', 'valkey', 'mail', ...added];
const REPORT = names.map((name, at) => `certificate of ${name}: serial 0A${at}, until 2027-01-01T00:00:00.000Z`);
const SERVED = ['edge: 0A0', 'api: 0A1', 'api: 0A1', 'postgres: 0A2', 'valkey: 0A3', 'mail: 0A4'].concat(
  added.map((name, at) => `${name}: 0A${at + 5}`),
);

let stage: string;
beforeEach(() => {
  stage = mkdtempSync(join(tmpdir(), 'renew-'));
  writeFileSync(join(stage, 'compose'), COMPOSE);
  chmodSync(join(stage, 'compose'), 0o755);
  tell({ report: REPORT, served: SERVED, stopped: [], name: ['localhost'] });
});
afterEach(() => rmSync(stage, { recursive: true }));

function tell(files: Readonly<Record<string, readonly string[]>>): void {
  for (const [file, lines] of Object.entries(files))
    writeFileSync(join(stage, file), lines.map((line) => `${line}\n`).join(''));
}

function renew(...options: string[]) {
  const env = { PATH: '/usr/bin:/bin', STAGE: stage, COMPOSE: join(stage, 'compose'), RENEW_ATTEMPTS: '0' };
  const { status, stdout, stderr } = spawnSync(script, options, { env, encoding: 'utf8' });
  const calls = readFileSync(join(stage, 'calls'), { encoding: 'utf8', flag: 'a+' });
  return { status, stdout, stderr, calls };
}

describe('docker/renew.sh', () => {
  it('ends well when every server shows what it has, and reloads no database', () => {
    const { status, stderr, calls } = renew();
    expect([status, stderr]).toEqual([0, '']);
    expect(calls).toContain('RENEW=when due bootstrap');
    expect(calls).not.toContain('pg_reload_conf');
  });

  it('renews everything when it is told to', () => {
    expect(renew('--now').calls).toContain('RENEW=now bootstrap');
  });

  /** Each is a stack in which one server goes on with another certificate than the one of its volume. */
  const stale = {
    'a database with its old one': [3, 'postgres: 0B2'],
    'one of two replicas with its old one': [2, 'api: 0B1'],
    'a server whose number only begins like that': [5, 'mail: 0A44'],
    'a server that shows none': [4, 'valkey: nothing, ECONNREFUSED'],
  } as const;

  for (const [what, [at, line]] of Object.entries(stale)) {
    it(`SR-28: fails, and names it: ${what}`, () => {
      tell({ served: SERVED.with(at, line) });
      const { status, stderr, calls } = renew();
      expect([status, stderr]).toEqual([1, expect.stringMatching(`^${line}\nrenew: these do not show`)]);
      expect(calls.includes('pg_reload_conf')).toBe(line.startsWith('postgres'));
    });
  }

  /** Each is a reason to change nothing. */
  const refused = {
    'a stack that does not run': [{ stopped: names }, 'the stack does not run'],
    'a stack that runs in part': [{ stopped: ['valkey'] }, 'not running: valkey'],
    'an edge that serves another name': [{ name: ['service.test'] }, 'the edge serves service.test'],
  } as const;

  for (const [what, [files, message]] of Object.entries(refused)) {
    it(`makes nothing with ${what}`, () => {
      tell(files);
      const { status, stderr, calls } = renew('--now');
      expect([status, stderr]).toEqual([1, expect.stringContaining(`renew: ${message}`)]);
      expect(calls).not.toContain('bootstrap');
    });
  }

  it('SR-28: asks every server that has a certificate', () => {
    const [, listed = ''] = /^readonly SERVERS=\((.*)\)$/m.exec(readFileSync(script, 'utf8')) ?? [];
    expect(listed.split(' ').toSorted()).toEqual(names.toSorted());
  });

  it('does not take the silence of an older bootstrap for consent', () => {
    tell({ report: ['kept 44 files'], served: [] });
    expect(renew()).toMatchObject({ status: 1, stderr: expect.stringContaining('older than this script') as unknown });
  });

  it('knows no other option', () => {
    expect(renew('now')).toMatchObject({ status: 1, stderr: 'renew: usage: docker/renew.sh [--now]\n' });
  });
});
