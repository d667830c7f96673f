import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** Each an import that goes up, or a line that the project does not allow, and the rule that says so. */
const forbidden: Record<string, [string, string, string]> = {
  'logging imports config': ['packages/logging/src/a.ts', "import '@redoubt/config';", 'no-restricted-imports'],
  'secrets imports config': ['packages/secrets/src/a.ts', "import '@redoubt/config';", 'no-restricted-imports'],
  'config imports storage': ['packages/config/src/a.ts', "import '@redoubt/storage';", 'no-restricted-imports'],
  'storage imports auth': ['packages/storage/src/a.ts', "import '@redoubt/auth';", 'no-restricted-imports'],
  'auth imports server': ['packages/auth/src/a.ts', "import '@redoubt/server';", 'no-restricted-imports'],
  'server imports config': ['packages/server/src/a.ts', "import '@redoubt/config';", 'no-restricted-imports'],
  'server imports testing': ['packages/server/src/b.ts', "import '@redoubt/testing';", 'no-restricted-imports'],
  'an app imports testing': ['apps/api/src/a.ts', "import '@redoubt/testing';", 'no-restricted-imports'],
  'a package reads the environment': [
    'packages/auth/src/b.ts',
    "import process from 'node:process';\nexport const a = process.env['A'];",
    'no-restricted-properties',
  ],
  'a package takes the environment by name': [
    'packages/auth/src/c.ts',
    "import { env } from 'node:process';\nexport const a = env['A'];",
    'no-restricted-imports',
  ],
  'a service starts a process': ['packages/auth/src/d.ts', "import 'node:child_process';", 'no-restricted-imports'],
  'a random number that can be predicted': [
    'packages/auth/src/e.ts',
    'export const a = Math.random();',
    'no-restricted-properties',
  ],
  'code from text': ['packages/auth/src/f.ts', "export const a: unknown = new Function('return 1')();", 'no-new-func'],
  'a line on the console': ['packages/auth/src/g.ts', "console.log('a');", 'no-console'],
};

const allowed: Record<string, [string, string]> = {
  'server imports auth': ['packages/server/src/ok.ts', "import '@redoubt/auth';"],
  'config imports secrets': ['packages/config/src/ok.ts', "import '@redoubt/secrets';"],
  'a test imports testing': ['packages/auth/test/ok.ts', "import '@redoubt/testing';"],
  'the one reader reads the environment': [
    'packages/config/src/environment.ts',
    "import process from 'node:process';\nexport const a = process.env['A'];",
  ],
};

let tree: string;
let report: { filename: string; code: string }[];

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'layers-'));
  // The rules under test need no types, and the tree has no packages to take types from.
  const config = readFileSync(join(root, '.oxlintrc.json'), 'utf8').replace('"typeAware": true', '"typeAware": false');
  writeFileSync(join(tree, '.oxlintrc.json'), config);
  for (const [path, text] of [...Object.values(forbidden), ...Object.values(allowed)]) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), `${text}\n`);
  }
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--format', 'json'], {
    cwd: tree,
    encoding: 'utf8',
  });
  report = (JSON.parse(stdout) as { diagnostics: typeof report }).diagnostics;
});
afterAll(() => rmSync(tree, { recursive: true }));

describe('the linter', () => {
  for (const [what, [path, , rule]] of Object.entries(forbidden)) {
    it(`SR-77: refuses that ${what}`, () => {
      expect(report.filter(({ filename, code }) => filename.endsWith(path) && code.includes(rule))).not.toEqual([]);
    });
  }
  for (const [what, [path]] of Object.entries(allowed)) {
    it(`lets ${what}`, () => {
      expect(report.filter(({ filename }) => filename.endsWith(path))).toEqual([]);
    });
  }
});
