import { limits } from '@redoubt/server';

import { surfaceTotals } from './surface-totals.ts';
import type { Surface, SurfaceField, SurfaceRoute } from './surface.ts';

const ROUTE_COLUMNS = {
  listener: 'listener',
  route: 'route',
  access: 'who may call it',
  rateLimit: 'limit',
  body: 'largest body',
  idempotency: 'idempotency key',
  audit: 'audit events',
  cache: 'kept by caches',
} as const satisfies Record<keyof SurfaceRoute, string>;

const FIELD_COLUMNS = {
  route: 'route',
  field: 'field',
  presence: 'presence',
  bounds: 'bounds',
} as const satisfies Record<keyof SurfaceField, string>;

/** Writes the surface of a service as its `surface.md`. {@link parseSurface} reads it back without a loss. */
export function surfaceDocument(service: string, surface: Surface): string {
  return `# The surface of ${service}

Made by \`pnpm surface\` from what the running routes declare; \`pnpm check\` fails when it is stale. A pull request that
widens it shows it here, and \`pnpm surface --since main\` tells what became looser. Numbers of limits are those of the default
settings. \`HEAD\` stands with its \`GET\`; what a handler raises beside the events of its rule is in
[security-events.md](../../docs/security-events.md). Of every request: an address of at most ${limits.MAX_URL_BYTES} bytes, headers of
${limits.MAX_HEADER_BYTES} bytes together, JSON of ${limits.MAX_JSON_DEPTH} levels with ${limits.MAX_JSON_KEYS} keys.

## Totals

${table({ name: 'what', value: 'number' }, surfaceTotals(surface))}

## Routes

${table(ROUTE_COLUMNS, surface.routes)}

## Fields

What is not listed is refused. \`3..254\` bounds the length of a text, the members of a list, or a number.

${table(FIELD_COLUMNS, surface.fields)}
`;
}

/**
 * Reads a surface off its document. A document of an older form, whose tables have other columns, has none that is known.
 */
export function parseSurface(document: string): Surface {
  const lines = document.split('\n');
  return {
    routes: readTable<SurfaceRoute>(lines, ROUTE_COLUMNS),
    fields: readTable<SurfaceField>(lines, FIELD_COLUMNS),
  };
}

type Columns<Row> = Readonly<Record<keyof Row, string>>;

function table<Row extends object>(columns: Columns<Row>, rows: readonly Row[]): string {
  const names = Object.keys(columns) as (keyof Row)[];
  const cells = [names.map((name) => columns[name]), names.map(() => '---')];
  for (const row of rows) cells.push(names.map((name) => escapeCell(String(row[name]))));
  return cells.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function readTable<Row extends object>(lines: readonly string[], columns: Columns<Row>): readonly Row[] {
  const names = Object.keys(columns) as (keyof Row)[];
  const head = lines.indexOf(`| ${names.map((name) => columns[name]).join(' | ')} |`);
  if (head === -1) return [];
  const rest = lines.slice(head + 2);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end === -1 ? undefined : end).map((line) => {
    const cells = line.slice(2, -2).split(' | ').map(unescapeCell);
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])) as Row;
  });
}

/** A bar would end the cell, and `<`, `*` and `_` are markup. */
function escapeCell(text: string): string {
  return text.replaceAll(/[\\|<*_]/g, String.raw`\$&`);
}

function unescapeCell(text: string): string {
  return text.replaceAll(/\\([\\|<*_])/g, '$1');
}
