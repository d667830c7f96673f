import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { serviceSettings } from '@redoubt/api/settings';
import { loadSettings } from '@redoubt/config';
import { limits } from '@redoubt/server';
import { describe, expect, it } from 'vitest';

import { RepositoryFiles } from '../../src/policy/read/repository-files.ts';
import { policyRules } from '../../src/policy/registry.ts';
import { runPolicy } from '../../src/policy/run-policy.ts';
import { replaced } from './fixtures/rule-fixtures.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const today = new Date().toISOString().slice(0, 10);
const repository = RepositoryFiles.of(root);
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What is no source and no document: the rest of the repository has no say in what is changed here. */
const settings = repository.paths.filter((path) => !/\.(?:ts|md|sql|conf)$/.test(path));

/** The repository's settings with one file changed. */
function judgeWith(path: string, text: string) {
  // The lockfile takes longer to read than all others together.
  const paths = settings.filter((each) => each !== 'pnpm-lock.yaml' || each === path);
  const files = new RepositoryFiles(paths, (each) => (each === path ? text : textOf(each)));
  return runPolicy(policyRules, { files, today }).filter(({ file }) => file === path);
}

const workflows = repository.matching(/^\.github\/workflows\//);

/** Lines of the repository's files each of which a rule holds: without it, something is found. */
const heldLines: readonly (readonly [path: string, line: RegExp])[] = [
  ...workflows.flatMap((path) =>
    [
      /^permissions: \{\}\n/m,
      /^ +timeout-minutes: .*\n/m,
      /^ +persist-credentials: false\n/m,
      /^ +runs-on: .*\n/m,
      /^ +permissions:\n.*\n/m,
      /^ +group: .*\n/m,
      / # to check the repository out/,
      / # v\d+\.\d+\.\d+/,
    ].map((line) => [path, line] as const),
  ),
  ...['compose.yaml', 'compose.servers.yaml'].flatMap((path) =>
    [
      /^ +read_only: true\n/m,
      /^ +cap_drop: .*\n/m,
      /^ +security_opt: .*\n/m,
      /^ +pids_limit: .*\n/m,
      /^ +mem_limit: .*\n/m,
      /^ +cpus: .*\n/m,
      /^ +restart: .*\n/m,
      /^ +user: .*\n/m,
      /^ +healthcheck:\n(?: {6}.*\n)+/m,
      /@sha256:[0-9a-f]{64}/,
    ].map((line) => [path, line] as const),
  ),
  ['compose.yaml', /^ +internal: true\n/m],
  ['compose.yaml', /^ +pull_policy: never\n/m],
  ['docker/Dockerfile', /^USER .*\n/m],
  ['docker/Dockerfile', /^HEALTHCHECK .*\\\n.*\n/m],
  ['docker/Dockerfile', /@sha256:[0-9a-f]{64}/],
  ['package.json', /,\n {2}"packageManager": .*/],
  ['package.json', / {2}"private": true,\n/],
  ['pnpm-lock.yaml', /\{integrity: sha512-.*\}/],
  ['.oxlintrc.json', / {4}"no-eval": .*\n/],
  ['tools/requirements-moto.txt', /--hash=sha256:\S+ \\\n +--hash=\S+\n/],
];

describe('the repository', () => {
  it('SR-51, SR-61 to SR-66, SR-69, SR-77: keeps its own policy', () => {
    expect(runPolicy(policyRules, { files: repository, today })).toEqual([]);
  });

  it.each(heldLines)('has a line in %s that a rule holds: %s', (path, line) => {
    expect(judgeWith(path, replaced(textOf(path), line, ''))).not.toEqual([]);
  });

  it('SR-64: gives the stack three networks, two of them without a way out', () => {
    const networks = repository.yaml('compose.yaml').get('networks')?.entries() ?? [];
    expect(networks.map(([name, network]) => [name, network.get('internal')?.value === true])).toEqual([
      ['edge', false],
      ['app', true],
      ['data', true],
    ]);
  });

  it('SR-38: leaves a replica more time for its end than any setting lets it take', () => {
    const api = repository.yaml('compose.yaml').get('services')?.get('api');
    const [, seconds = ''] = /^(\d+)s$/.exec(String(api?.get('stop_grace_period')?.value)) ?? [];
    const leftForDelayMs = Number(seconds) * 1000 - limits.SHUTDOWN_DEADLINE_MS;
    expect(leftForDelayMs).toBeGreaterThan(0);
    const start = { NODE_ENV: 'development', SHUTDOWN_DELAY_MS: String(leftForDelayMs) };
    expect(() => loadSettings(serviceSettings, start)).toThrow('SHUTDOWN_DELAY_MS');
  });

  it('SR-66: misses each setting of pnpm-workspace.yaml', () => {
    const path = 'pnpm-workspace.yaml';
    const lines = textOf(path).match(/^[a-z]\w+: .+\n/gm) ?? [];
    expect(lines.length).toBeGreaterThan(15);
    const unnoticed = lines.filter((line) => judgeWith(path, replaced(textOf(path), line, '')).length === 0);
    expect(unnoticed).toEqual([]);
  });

  it('SR-69: finds each action by a tag, in each workflow', () => {
    const unnoticed = repository
      .matching(/^\.github\/workflows\//)
      .flatMap((path) =>
        [...new Set(textOf(path).match(/uses: .*@.*/g))].filter(
          (uses) => judgeWith(path, replaced(textOf(path), uses, replaced(uses, /@.*/, '@v1'))).length === 0,
        ),
      );
    expect(unnoticed).toEqual([]);
  });
});
