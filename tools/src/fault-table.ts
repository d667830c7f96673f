/**
 * The table of `docs/reliability.md`: each fault, what the service promises for each sort of route, and what a run on
 * real servers observed. Run as a program, it writes the observations that `apps/api/test/faults.servers.test.ts` left in
 * `.local/faults.json` into the document; `pnpm check` holds the rest of the table to the typed promises.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type Fault,
  type FaultObservation,
  type FaultPromise,
  faultPromises,
  faults,
  RECOVERY_SECONDS,
} from '@redoubt/api/fault-promises';

import { replaceSection } from './generated-section.ts';

/** What a row says was observed, by what it says of fault and routes. */
export type Observed = ReadonlyMap<string, string>;

const HEADER = ['| fault | routes | promise | observed |', '| --- | --- | --- | --- |'];
const ROW = /^\| (?<fault>[^|]+) \| (?<routes>[^|]+) \| [^|]+ \| (?<observed>[^|]+) \|$/;

/** In place of an observation that was never made. */
export const NOT_OBSERVED = 'not yet';

/** The table, with what was observed in its last column. */
export function faultTable(observed: Observed): string {
  const rows = faults.flatMap((fault) => [
    ...faultPromises.filter((promise) => promise.fault === fault).map((promise) => promiseRow(promise, observed)),
    row(fault, 'all, once it is over', `as ever within ${RECOVERY_SECONDS} s, without a restart`, observed),
  ]);
  return [...HEADER, ...rows].join('\n');
}

/** Reads the last column of the table in a document. */
export function readObserved(document: string): Observed {
  const observed = new Map<string, string>();
  for (const line of document.split('\n')) {
    const groups = ROW.exec(line)?.groups ?? {};
    const { fault = '', routes = '', observed: text = '' } = groups;
    if (faults.some((each) => each === fault)) observed.set(keyOf(fault, routes), text);
  }
  return observed;
}

/** What a run observed, as the table says it. */
export function describeObservations(observations: readonly FaultObservation[]): Observed {
  const promises = faultPromises.map((promise) => {
    const seen = observations.filter(
      ({ fault, routes }) => fault === promise.fault && promise.routes.some((each) => each === routes),
    );
    return [keyOf(promise.fault, promise.routes.join(', ')), summarise(seen)] as const;
  });
  const recoveries = faults.map((fault) => {
    const seen = observations.filter((each) => each.fault === fault && each.routes === 'recovery');
    return [keyOf(fault, 'all, once it is over'), summarise(seen)] as const;
  });
  return new Map([...promises, ...recoveries]);
}

/** Each status with the longest time that it took. */
function summarise(observations: readonly FaultObservation[]): string {
  const byStatus = Map.groupBy(observations, ({ status }) => status);
  const texts = [...byStatus]
    .toSorted(([one], [other]) => one - other)
    .map(([status, each]) => `${status} within ${Math.max(...each.map(({ withinSeconds }) => withinSeconds))} s`);
  return texts.length === 0 ? NOT_OBSERVED : texts.join(', ');
}

function promiseRow({ fault, routes, answer, withinSeconds }: FaultPromise, observed: Observed): string {
  return row(fault, routes.join(', '), `${answer} within ${withinSeconds} s`, observed);
}

function row(fault: Fault, routes: string, promise: string, observed: Observed): string {
  return `| ${fault} | ${routes} | ${promise} | ${observed.get(keyOf(fault, routes)) ?? NOT_OBSERVED} |`;
}

function keyOf(fault: string, routes: string): string {
  return `${fault}: ${routes}`;
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..', '..');
  const path = join(root, 'docs/reliability.md');
  const observations = JSON.parse(await readFile(join(root, '.local/faults.json'), 'utf8')) as FaultObservation[];
  const document = await readFile(path, 'utf8');
  await writeFile(path, replaceSection(document, 'faults', faultTable(describeObservations(observations))));
}
