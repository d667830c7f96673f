import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { securityEventCatalogue, type SecurityEventKind } from '@redoubt/logging';
import { detectionRules } from '@redoubt/server';

/** The places where an event is raised: a call, or the rule of a detection that raises it. */
const RAISES = /\b(?:raise\(\s*|raises: )'([a-z0-9_]+)'/g;

/** Finds where the sources raise each event: its name with a path for each place. */
export async function findRaisedEvents(root: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const places = new Map<string, string[]>();
  for (const path of globSync('{apps,packages}/*/src/**/*.ts', { cwd: root }).toSorted()) {
    for (const [, name = ''] of (await readFile(join(root, path), 'utf8')).matchAll(RAISES))
      places.set(name, [...(places.get(name) ?? []), path]);
  }
  return places;
}

/** Writes the catalogue as a table, with where the sources raise each event and which detection counts it. */
export async function securityEventsTable(root: string): Promise<string> {
  const places = await findRaisedEvents(root);
  const rows = Object.entries<SecurityEventKind>(securityEventCatalogue).map(([name, kind]) => {
    const fields = [...kind.fields, ...kind.details.map((detail) => `details.${detail}`)];
    const raised = (places.get(name) ?? []).map((path) => `[${path.split('/').at(-1)}](../${path})`);
    return [
      `\`${name}\``,
      kind.severity,
      kind.meaning,
      raised.join(', '),
      fields.map((field) => `\`${field}\``).join(' '),
      detectionsOf(name).join(', '),
    ].join(' | ');
  });
  const head = 'name | severity | meaning | raised in | tells | detection';
  return [head, head.replaceAll(/[^|]+/g, ' --- ').trim(), ...rows].map((row) => `| ${row} |`).join('\n');
}

function detectionsOf(event: string): readonly string[] {
  return detectionRules.flatMap(({ name, counts, raises }) => {
    if (counts === event) return [`counted by \`${name}\``];
    return raises === event ? [`the alert of \`${name}\``] : [];
  });
}
