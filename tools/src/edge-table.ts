/**
 * The table of `docs/edge.md`: what is tried against the edge, what has to happen, and what a run observed. Run as a
 * program, it writes the observations that `docker/test/edge` left in `.local/stack/edge-observations.json` into the
 * document; `pnpm check` holds the rest of the table to `edge-attacks.ts`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type EdgeAttack, edgeAttacks } from '../../docker/test/edge/support/edge-attacks.ts';
import { replaceSection } from './generated-section.ts';

/** What was observed, by the text of what was tried. */
export type EdgeObserved = ReadonlyMap<string, string>;

const HEADER = ['| tried | requirement | has to happen | happened |', '| --- | --- | --- | --- |'];
const ROW = /^\| (?<attack>[^|]+) \| SR-[^|]+ \| [^|]+ \| (?<observed>[^|]+) \|$/;

/** In place of an observation that was never made. */
export const NOT_OBSERVED = 'not yet';

/** The table, with what was observed in its last column. */
export function edgeTable(observed: EdgeObserved): string {
  return [...HEADER, ...Object.values(edgeAttacks).map((each) => row(each, observed))].join('\n');
}

function row({ attack, requirements, expected }: EdgeAttack, observed: EdgeObserved): string {
  return `| ${attack} | ${requirements} | ${expected} | ${observed.get(attack) ?? NOT_OBSERVED} |`;
}

/** Reads the last column of the table in a document. */
export function readEdgeObserved(document: string): EdgeObserved {
  const observed = new Map<string, string>();
  for (const line of document.split('\n')) {
    const { attack, observed: text } = ROW.exec(line)?.groups ?? {};
    if (attack !== undefined && text !== undefined) observed.set(attack, text);
  }
  return observed;
}

/** What a run observed, as the table has it: by the text of what was tried, and not by its name in the code. */
export function namedObservations(observations: Readonly<Record<string, string>>): EdgeObserved {
  const tried = Object.entries<EdgeAttack>(edgeAttacks);
  return new Map(tried.map(([id, { attack }]) => [attack, observations[id] ?? NOT_OBSERVED]));
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..', '..');
  const path = join(root, 'docs/edge.md');
  const left = await readFile(join(root, '.local/stack/edge-observations.json'), 'utf8');
  const observed = namedObservations(JSON.parse(left) as Record<string, string>);
  await writeFile(path, replaceSection(await readFile(path, 'utf8'), 'edge', edgeTable(observed)));
}
