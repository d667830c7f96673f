import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { findClaimFaults, type ReadFile } from '../../src/claims/claim-faults.ts';
import { brokenAnchors } from '../../src/claims/markdown-anchors.ts';
import { brokenLinks } from '../../src/claims/markdown-links.ts';
import { tableRows } from '../../src/claims/markdown-table.ts';
import { missingTests } from '../../src/claims/named-tests.ts';
import { findThreatFaults } from '../../src/claims/threat-model.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const at = (path: string): string => join(root, path);
const read: ReadFile = (path) => (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : undefined);

const MADE = ['node_modules', '.git', '.local', 'dist', 'coverage'];
const find = (pattern: string): readonly string[] =>
  globSync(pattern, { cwd: root, exclude: MADE.map((folder) => `**/${folder}`) });
const tests = find('**/*.test.ts');
// Pages of findings are made from their catalogue, which has a test of its own; the evidence is made from a run, and held to the
// next one: a test that is renamed in between is no fault of the page.
const documents = [...find('**/*.md'), ...find('.github/**/*.md')].filter(
  (path) => !path.startsWith('docs/findings/') && path !== 'docs/evidence.md',
);
const textOf = (path: string): string => read(path) ?? '';

describe('the threat model', () => {
  it('says something of each letter at each border, and what it claims is attacked', () => {
    expect(findThreatFaults(textOf('docs/threat-model.md'), read)).toEqual([]);
  });
});

describe('the security policy', () => {
  it('guarantees what a test attacks, and nothing else', () => {
    const rows = tableRows(textOf('SECURITY.md'), ['guarantee', 'requirement', 'test']);
    expect(rows.length).toBeGreaterThan(20);
    const claims = rows.map(({ line, cells: [, requirements = '', test = ''] }) => ({
      where: `line ${line}`,
      requirements,
      tests: test,
    }));
    expect(claims.flatMap((claim) => findClaimFaults(claim, read))).toEqual([]);
  });

  it('knows nothing open that the threat model does not know', () => {
    const known = new Set(textOf('docs/threat-model.md').match(/^\| O-\d+ \|/gm));
    const named = textOf('SECURITY.md').match(/\bO-\d+\b/g) ?? [];
    expect(named.filter((id) => !known.has(`| ${id} |`))).toEqual([]);
  });
});

describe('a document', () => {
  it.each(documents)('names tests that are there, and links to what is: %s', (path) => {
    expect(missingTests(textOf(path), tests)).toEqual([]);
    expect(brokenLinks(path, textOf(path), (target) => existsSync(at(target)))).toEqual([]);
    expect(brokenAnchors(path, textOf(path), (target) => (target.endsWith('.md') ? read(target) : undefined))).toEqual(
      [],
    );
  });

  it('is in the list of all documents', () => {
    const index = textOf('docs/README.md');
    const listed = [...documents, 'docs/evidence.md'].filter((path) => /^docs\/(?!README)[\w/-]+\.md$/.test(path));
    const missing = listed.filter(
      (path) => !path.startsWith('docs/decisions/') && !index.includes(`](${path.replace('docs/', '')})`),
    );
    expect(missing).toEqual([]);
  });
});
