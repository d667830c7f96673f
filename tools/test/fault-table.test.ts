import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type FaultObservation, faultPromises, faults, routeClasses, statusesOf } from '@redoubt/api/fault-promises';
import { describe, expect, it } from 'vitest';

import { describeObservations, faultTable, NOT_OBSERVED, readObserved } from '../src/fault-table.ts';

const document = await readFile(join(import.meta.dirname, '../../docs/reliability.md'), 'utf8');

/** A run in which everything was as promised, at the last moment. */
const observations: readonly FaultObservation[] = faultPromises.flatMap(({ fault, routes, answer, withinSeconds }) =>
  routes.map((each) => ({ fault, routes: each, status: statusesOf(answer, each)[0] ?? 0, withinSeconds })),
);

describe('the table of faults', () => {
  it('promises something for each sort of route under each fault, once', () => {
    for (const fault of faults) {
      const promised = faultPromises.filter((each) => each.fault === fault).flatMap(({ routes }) => routes);
      expect(promised.toSorted()).toEqual(Object.keys(routeClasses).toSorted());
    }
  });

  it('says what a run observed, and keeps it when it is made again', () => {
    const observed = describeObservations(observations);
    const table = faultTable(observed);
    expect(readObserved(table)).toEqual(observed);
    expect(table).toContain('| PostgreSQL is killed (-9) | readiness | 503 within 3 s | 503 within 3 s |');
    expect(table).toContain(`| all, once it is over | as ever within 30 s, without a restart | ${NOT_OBSERVED} |`);
  });

  it('stands in the document with an observation of each promise', () => {
    const observed = readObserved(document);
    expect(observed.size).toBe(faultPromises.length + faults.length);
    expect([...observed.values()]).not.toContain(NOT_OBSERVED);
  });
});
