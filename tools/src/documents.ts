/**
 * Writes what of the documents is made from code: the settings table and the example of the README, the tables of errors
 * and of security events, the promises of the table of faults, the attacks of the table of the edge, the rules of the policy,
 * the pages of findings, and of each service its surface, its OpenAPI document and the types of its client. With `--check` it writes nothing and exits 1 when one is stale.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { serviceSettings } from '@redoubt/api/settings';
import { settingsTable } from '@redoubt/config';
import { errorCodes } from '@redoubt/server';

import { edgeTable, readEdgeObserved } from './edge-table.ts';
import { faultTable, readObserved } from './fault-table.ts';
import { policyTable } from './policy/policy-table.ts';
import { findingIndex, findingPages, findingsFolder } from './finding-pages.ts';
import { replaceSection } from './generated-section.ts';
import { securityEventsTable } from './security-events-table.ts';
import { serviceDocuments } from './service-documents.ts';

const root = join(import.meta.dirname, '..', '..');

/** A document with the function that brings it up to date. */
interface GeneratedDocument {
  readonly path: string;
  render(current: string): Promise<string>;
}

const documents: readonly GeneratedDocument[] = [
  {
    path: 'README.md',
    async render(current) {
      const example = await readFile(join(root, 'apps/api/test/example-route.ts'), 'utf8');
      const withExample = replaceSection(current, 'example', `\`\`\`ts\n${example.trim()}\n\`\`\``);
      return replaceSection(withExample, 'settings', settingsTable(serviceSettings));
    },
  },
  {
    path: 'docs/security-events.md',
    render: async (current) => replaceSection(current, 'events', await securityEventsTable(root)),
  },
  { path: 'docs/errors.md', render: (current) => Promise.resolve(replaceSection(current, 'errors', errorTable())) },
  {
    // What was observed is kept: only a run on real servers can say it (tools/src/fault-table.ts).
    path: 'docs/reliability.md',
    render: (current) => Promise.resolve(replaceSection(current, 'faults', faultTable(readObserved(current)))),
  },
  {
    // Likewise, by a run of the stack (tools/src/edge-table.ts).
    path: 'docs/edge.md',
    render: (current) => Promise.resolve(replaceSection(current, 'edge', edgeTable(readEdgeObserved(current)))),
  },
  {
    path: 'docs/policy.md',
    render: (current) => Promise.resolve(replaceSection(current, 'rules', policyTable())),
  },
  {
    path: `${findingsFolder}/README.md`,
    render: (current) => Promise.resolve(replaceSection(current, 'findings', findingIndex())),
  },
  ...[...findingPages()].map(([path, content]) => ({ path, render: () => Promise.resolve(content) })),
  ...[...(await serviceDocuments(root))].map(([path, content]) => ({ path, render: () => Promise.resolve(content) })),
];

function errorTable(): string {
  const rows = Object.entries(errorCodes).map(([code, { status, title }]) => `| ${status} | \`${code}\` | ${title} |`);
  return ['| status | code | title |', '| --- | --- | --- |', ...rows].join('\n');
}

/** A document that is not there yet is an empty one. */
async function readDocument(path: string): Promise<string> {
  try {
    return await readFile(join(root, path), 'utf8');
  } catch {
    // What is missing is stale: the check says so, or the repair writes it.
    return '';
  }
}

/** Pages of findings that the catalogue does not have. */
async function findLeftovers(): Promise<readonly string[]> {
  const known = new Set(documents.map(({ path }) => path));
  const names = await readdir(join(root, findingsFolder));
  return names.map((name) => `${findingsFolder}/${name}`).filter((path) => !known.has(path));
}

const isCheck = process.argv.includes('--check');
const stale: string[] = [];
for (const { path, render } of documents) {
  const current = await readDocument(path);
  const rendered = await render(current);
  if (rendered === current) continue;
  stale.push(path);
  if (!isCheck) await writeFile(join(root, path), rendered);
}
for (const path of await findLeftovers()) {
  stale.push(path);
  if (!isCheck) await rm(join(root, path));
}

if (isCheck && stale.length > 0) {
  console.log(`stale: ${stale.join(', ')}; run pnpm check --fix`);
  process.exitCode = 1;
}
