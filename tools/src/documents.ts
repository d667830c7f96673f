/**
 * Writes the parts of the documents that are made from code: the settings table and the example of the README, the
 * table of errors and that of security events. With `--check` it writes nothing and exits 1 when one of them is stale.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { serviceSettings } from '@redoubt/api/settings';
import { settingsTable } from '@redoubt/config';
import { errorCodes } from '@redoubt/server';

import { replaceSection } from './generated-section.ts';
import { securityEventsTable } from './security-events-table.ts';

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
];

function errorTable(): string {
  const rows = Object.entries(errorCodes).map(([code, { status, title }]) => `| ${status} | \`${code}\` | ${title} |`);
  return ['| status | code | title |', '| --- | --- | --- |', ...rows].join('\n');
}

const stale: string[] = [];
for (const { path, render } of documents) {
  const current = await readFile(join(root, path), 'utf8');
  const rendered = await render(current);
  if (rendered === current) continue;
  stale.push(path);
  if (!process.argv.includes('--check')) await writeFile(join(root, path), rendered);
}

if (process.argv.includes('--check') && stale.length > 0) {
  console.log(`stale: ${stale.join(', ')}; run pnpm check --fix`);
  process.exitCode = 1;
}
