import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { afterEach, describe, expect, it } from 'vitest';

import type { PolicyRule } from '../../src/policy/policy-rule.ts';
import { RepositoryFiles } from '../../src/policy/read/repository-files.ts';
import { trackedPaths } from '../../src/policy/read/tracked-paths.ts';
import { failureReport, jsonReport, textReport } from '../../src/policy/report.ts';
import { runPolicy } from '../../src/policy/run-policy.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const today = '2026-11-26';

const about = { title: 'A rule', requirement: 'SR-66', reason: 'None.', fix: 'mend it' };
const findsImages: PolicyRule = {
  ...about,
  id: 'P-501',
  exceptions: 'by-subject',
  check: ({ files }) =>
    files.matching(/^b/).map((file) => ({ file, line: 2, subject: 'image:1', message: 'it is there' })),
};
const excepted = (expires: string, subject = 'image:1') => ({
  b: '',
  'tools/policy-exceptions.yaml': `exceptions: [{ rule: P-501, file: b, subject: '${subject}', reason: a b c d, expires: ${expires} }]`,
});
const findings = (files: Record<string, string>, rule = findsImages) =>
  runPolicy([rule], { files: RepositoryFiles.from(files), today }).length;

describe('the engine of the policy', () => {
  it('tells rule, place and fix, in the order of files and lines', () => {
    const rule: PolicyRule = {
      ...about,
      id: 'P-101',
      check: () => [
        { file: 'b', line: 10, message: 'second' },
        { file: 'b', line: 9, message: 'first' },
      ],
    };
    const found = runPolicy([rule], { files: RepositoryFiles.from({}), today });
    expect(textReport(found, 1)).toEqual({
      exitCode: 1,
      output: 'b:9  P-101  first — mend it\nb:10  P-101  second — mend it\n1 rules, 2 findings',
    });
    expect(JSON.parse(jsonReport(found, 1).output)).toMatchObject({
      rules: 1,
      findings: [{ rule: 'P-101', file: 'b', line: 9 }, { line: 10 }],
    });
  });

  it('ends with 0 when nothing is found', () => {
    expect(textReport([], 76)).toEqual({ exitCode: 0, output: '76 rules, 0 findings' });
  });

  it('SR-67: takes an exception until its last day, for its subject, from a rule that takes exceptions', () => {
    expect(findings({ b: '' })).toBe(1);
    expect(findings(excepted(today))).toBe(0);
    expect(findings(excepted('2026-11-25'))).toBe(1);
    expect(findings(excepted('never'))).toBe(1);
    expect(findings(excepted(today, 'image:2'))).toBe(1);
    const { exceptions: _, ...strict } = findsImages;
    expect(findings(excepted(today), strict)).toBe(1);
  });

  it('ends with 2 and the place when a file cannot be read, and with 70 when a rule throws', () => {
    const reads: PolicyRule = {
      ...about,
      id: 'P-101',
      check: ({ files }) => [files.yaml('a.yaml')].map(({ line }) => ({ file: 'a.yaml', line, message: '' })),
    };
    const reportOf = (rule: PolicyRule) => {
      try {
        return runPolicy([rule], { files: RepositoryFiles.from({ 'a.yaml': 'a: 1\nb: [\n' }), today });
      } catch (error) {
        return failureReport(error);
      }
    };
    expect(reportOf(reads)).toMatchObject({ exitCode: 2, output: expect.stringContaining('a.yaml:3') as string });
    const throws = (): never => {
      throw new RangeError('a fault of the rule');
    };
    expect(reportOf({ ...reads, check: throws })).toMatchObject({
      exitCode: 70,
      output: expect.stringContaining('a fault of the rule') as string,
    });
  });
});

describe('the files that the policy looks at', () => {
  const folders: string[] = [];
  const makeFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'policy-'));
    folders.push(folder);
    writeFileSync(join(folder, '.gitignore'), '*.log\n');
    writeFileSync(join(folder, 'a.ts'), '');
    writeFileSync(join(folder, 'a.log'), '');
    mkdirSync(join(folder, 'node_modules/b'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/b/package.json'), '');
    return folder;
  };
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  it('are those of a downloaded archive, without its packages', () => {
    expect(trackedPaths(makeFolder())).toEqual({ from: 'folder', paths: ['.gitignore', 'a.log', 'a.ts'] });
  });

  it('are what git tracks and what is new, in a clone', () => {
    const folder = makeFolder();
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    writeFileSync(join(folder, 'node_modules/.gitignore'), '*\n');
    writeFileSync(join(folder, 'tracked.log'), '');
    execFileSync('git', ['add', '--force', 'tracked.log'], { cwd: folder });
    expect(trackedPaths(folder)).toEqual({ from: 'git', paths: ['.gitignore', 'a.ts', 'tracked.log'] });
  });

  it('are not guessed when there is a history that git cannot read', () => {
    const folder = makeFolder();
    mkdirSync(join(folder, '.git'));
    expect(() => trackedPaths(folder)).toThrow(/not a git repository/);
  });
});

describe('pnpm policy', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(root, 'tools/src/policy.ts'), ...args], { encoding: 'utf8' });

  it('answers a machine in JSON, and refuses what it does not know', () => {
    const { stdout, status } = run('--json');
    const { findings: found } = JSON.parse(stdout) as { readonly findings: readonly unknown[] };
    expect(status).toBe(found.length === 0 ? 0 : 1);
    expect(run('--yaml')).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('only pnpm', () => {
  /** The manifests as npm meets them in a clone: nothing is installed, and no network is needed to see it refuse. */
  const hasNpm = spawnSync('npm', ['--version']).status === 0;
  if (!hasNpm) console.log('SKIPPED: there is no npm here that could be refused');

  it.skipIf(!hasNpm)('SR-66: npm refuses the clone before it runs or fetches anything, and npx still works', () => {
    const folder = mkdtempSync(join(tmpdir(), 'policy-npm-'));
    try {
      for (const file of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml'])
        cpSync(join(root, file), join(folder, file));
      const npm = (...args: readonly string[]) =>
        spawnSync('npm', [...args, '--offline'], { cwd: folder, encoding: 'utf8' });
      const { status, stderr } = npm('install', '--dry-run');
      expect([status, stderr]).toEqual([1, expect.stringContaining('catalog:')]);
      // devEngines would refuse npm by name, and npx with it: `npx -y pnpm` is how a clone without pnpm begins.
      expect(npm('exec', '--call', 'true')).toMatchObject({ status: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
