import { findClaimFaults, type ReadFile } from './claim-faults.ts';
import { type TableRow, tableRows } from './markdown-table.ts';
import { isRequirement, requirementsIn } from './requirements.ts';

/** Spoofing, tampering, repudiation, information disclosure, denial of service, elevation of privilege. */
const STRIDE = ['S', 'T', 'R', 'I', 'D', 'E'] as const;

/** The head of the table of each boundary. */
export const THREAT_COLUMNS = ['STRIDE', 'threat', 'control', 'requirement', 'test'] as const;

const NOT_APPLICABLE = /^does not apply because .{20,}/;
const OPEN = /\bO-\d+\b/g;

/**
 * What is not true of a threat model: a boundary that leaves a letter of STRIDE out, a row whose tests do not attack what it
 * claims, a row without a test that names nothing that stays open, and something open that no row leads to.
 */
export function findThreatFaults(document: string, read: ReadFile): readonly string[] {
  const open = new Set([...document.matchAll(/^\| (?<id>O-\d+) \|/gm)].map(({ groups }) => groups?.['id'] ?? ''));
  const boundaries = splitBoundaries(document);
  const rows = boundaries.flatMap(({ rows }) => rows);
  const named = new Set(rows.flatMap(({ cells }) => cells.join(' ').match(OPEN) ?? []));
  return [
    ...boundaries.flatMap(({ name, rows }) => lettersMissing(name, rows)),
    ...rows.flatMap((row) => rowFaults(row, read)),
    ...[...named].filter((id) => !open.has(id)).map((id) => `${id} is not in the list of what stays open`),
    ...[...open].filter((id) => !named.has(id)).map((id) => `no threat leads to ${id}`),
  ];
}

interface Boundary {
  readonly name: string;
  readonly rows: readonly TableRow[];
}

/** A boundary is a heading of the third level with a table of threats below it. */
function splitBoundaries(document: string): readonly Boundary[] {
  const all = tableRows(document, THREAT_COLUMNS);
  const lines = document.split('\n');
  const heads = lines.flatMap((text, index) => (/^##+ /.test(text) ? [{ text, line: index + 1 }] : []));
  return heads
    .map(({ text, line }, index) => {
      const end = heads[index + 1]?.line ?? lines.length + 1;
      return { name: text.replace(/^#+ /, ''), rows: all.filter((row) => row.line > line && row.line < end) };
    })
    .filter(({ name, rows }) => rows.length > 0 || /^B\d+/.test(name));
}

function lettersMissing(name: string, rows: readonly TableRow[]): readonly string[] {
  const present = new Set(rows.map(({ cells: [letter] }) => letter));
  return STRIDE.filter((letter) => !present.has(letter)).map((letter) => `${name}: says nothing of ${letter}`);
}

function rowFaults({ line, cells }: TableRow, read: ReadFile): readonly string[] {
  const where = `line ${line}`;
  const [letter = '', threat = '', control = '', requirements = '', tests = ''] = cells;
  if (cells.length !== THREAT_COLUMNS.length) return [`${where}: has ${cells.length} cells`];
  if (!STRIDE.some((each) => each === letter)) return [`${where}: ${letter} is no letter of STRIDE`];
  if (NOT_APPLICABLE.test(threat)) return [control, requirements, tests].every(isEmpty) ? [] : [`${where}: applies?`];
  if (isEmpty(threat) || isEmpty(control)) return [`${where}: names no threat or no control`];
  if (/^open: O-\d+(?:, O-\d+)*$/.test(tests)) return unknownRequirements(where, requirements);
  return findClaimFaults({ where, requirements, tests }, read);
}

function unknownRequirements(where: string, text: string): readonly string[] {
  return requirementsIn(text)
    .filter((id) => !isRequirement(id))
    .map((id) => `${where}: ${id} is no requirement`);
}

function isEmpty(cell: string): boolean {
  return cell === '';
}
