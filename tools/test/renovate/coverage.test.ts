import { describe, expect, it } from 'vitest';

import { RepositoryFiles } from '../../src/policy/read/repository-files.ts';
import { missingItems } from '../../src/renovate/missing-items.ts';
import { pinnedItems } from '../../src/renovate/pinned-items.ts';
import { seenItems } from '../../src/renovate/seen-items.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const workflow = `
jobs:
  scan:
    env:
      STORE_IMAGE: a/store:1.2-alpine@${digest}
    steps:
      - uses: github/codeql-action/init@${'c'.repeat(40)} # v4.1.0
      - uses: ./.github/workflows/other.yml
      - uses: sign/installer@${'d'.repeat(40)} # v2.0.0
        with:
          release: v3.0.6
          fetch-depth: 0
      - run: npx -y pnpm@12.21.0 install
`;
const files = RepositoryFiles.from({
  '.github/workflows/ci.yml': workflow,
  'compose.yaml': `services:\n  web: { image: web/server:1.30 }\n  own:\n    image: \${OWN_IMAGE:-own:local}\n`,
  'docker/Dockerfile': `FROM reg.example/node:26-slim@${digest} AS node\nFROM node AS build\nCOPY --from=a/tool:1.0@${digest} /x /x\n`,
  'tools/a.sh': `readonly SCAN_IMAGE=a/scan:0.1@${digest}\nreadonly LINT_VERSION=v1.7.12\nreadonly START_ATTEMPTS=200\n`,
  'tools/requirements-x.txt': 'PyYAML==6.0.4 \\\n    --hash=sha256:00\n',
  'package.json': '{ "packageManager": "pnpm@12.21.0" }',
  'pnpm-workspace.yaml': 'catalog:\n  pg: 8.23.1\nnodeVersion: 26.10.0\n',
  'docs/decisions/001-past.md': 'pnpm@12.21.0\n',
});

describe('what is named by a version', () => {
  it('is found in every kind of file, each with its line', () => {
    const found = pinnedItems(files).map(({ kind, file, line, name, version }) =>
      [kind, `${file}:${line}`, name, version].join(' '),
    );
    expect(found.toSorted()).toEqual([
      'Node pnpm-workspace.yaml:3 node 26.10.0',
      'Python package tools/requirements-x.txt:1 PyYAML 6.0.4',
      'action .github/workflows/ci.yml:7 github/codeql-action v4.1.0',
      'action .github/workflows/ci.yml:9 sign/installer v2.0.0',
      'image .github/workflows/ci.yml:5 a/store 1.2-alpine',
      'image compose.yaml:2 web/server 1.30',
      'image docker/Dockerfile:1 reg.example/node 26-slim',
      'image docker/Dockerfile:3 a/tool 1.0',
      'image tools/a.sh:1 a/scan 0.1',
      'npm package package.json:1 pnpm 12.21.0',
      'npm package pnpm-workspace.yaml:2 pg 8.23.1',
      'pnpm .github/workflows/ci.yml:13 pnpm 12.21.0',
      'tool .github/workflows/ci.yml:11  v3.0.6',
      'tool tools/a.sh:2  v1.7.12',
    ]);
  });
});

/** A report in which Renovate sees all that is named. */
const complete = () =>
  pinnedItems(files).map(({ file, name, version }) => ({
    packageFile: file,
    deps: [{ depName: name, currentValue: version }],
  }));
const report = (entries: unknown) => ({ repositories: { local: { packageFiles: { any: entries } } } });

describe('what Renovate sees', () => {
  it('SR-66: is all that is named, or what it misses is told', () => {
    expect(missingItems(pinnedItems(files), seenItems(report(complete())))).toEqual([]);
    for (const [index, item] of pinnedItems(files).entries()) {
      const less = complete().toSpliced(index, 1);
      expect(missingItems(pinnedItems(files), seenItems(report(less)))).toEqual([item]);
    }
  });

  it('SR-66: is not what it skips, but for want of a token', () => {
    const [first, ...others] = complete();
    const skipped = (skipReason: string) => [{ ...first, deps: [{ ...first?.deps[0], skipReason }] }, ...others];
    expect(missingItems(pinnedItems(files), seenItems(report(skipped('invalid-value'))))).toHaveLength(1);
    expect(missingItems(pinnedItems(files), seenItems(report(skipped('github-token-required'))))).toEqual([]);
  });

  it('SR-66: counts one that is seen for one that is named', () => {
    const twice = RepositoryFiles.from({
      'run.sh': 'npx -y pnpm@12.21.0 a\nnpx -y pnpm@12.21.0 b\n',
      'package.json': '{}',
    });
    const once = [{ packageFile: 'run.sh', deps: [{ depName: 'pnpm', currentValue: '12.21.0' }] }];
    const missing = missingItems(pinnedItems(twice), seenItems(report(once)));
    expect(missing.filter(({ kind }) => kind === 'pnpm').map(({ line }) => line)).toEqual([2]);
  });

  it('takes the spellings of a Python package for one, and a version with or without its sign', () => {
    const python = RepositoryFiles.from({ 'requirements.txt': 'PyYAML==6.0.4\n', 'package.json': '{}' });
    const seen = [{ packageFile: 'requirements.txt', deps: [{ packageName: 'pyyaml', currentValue: '==6.0.4' }] }];
    expect(missingItems(pinnedItems(python), seenItems(report(seen))).map(({ name }) => name)).not.toContain('PyYAML');
  });

  it.each([{}, { repositories: {} }, { repositories: { a: { packageFiles: {} }, b: {} } }, null])(
    'is not read from a report of anything but one repository: %j',
    (wrong) => {
      expect(() => seenItems(wrong)).toThrow(TypeError);
    },
  );
});
