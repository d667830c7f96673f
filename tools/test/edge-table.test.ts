import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { edgeAttacks } from '../../docker/test/edge/support/edge-attacks.ts';
import { edgeTable, namedObservations, NOT_OBSERVED, readEdgeObserved } from '../src/edge-table.ts';

const document = await readFile(join(import.meta.dirname, '../../docs/edge.md'), 'utf8');

describe('the table of attacks on the edge', () => {
  it('tells each of them apart, and fits into a table', () => {
    const attacks = Object.values(edgeAttacks);
    expect(new Set(attacks.map(({ attack }) => attack)).size).toBe(attacks.length);
    for (const { attack, requirements, expected } of attacks) {
      expect(attack + expected).not.toMatch(/[|\n]/);
      expect(requirements).toMatch(/^SR-\d+(?:, SR-\d+)*$/);
    }
  });

  it('says what a run observed, and keeps it when it is made again', () => {
    const seen = Object.fromEntries(Object.keys(edgeAttacks).map((id, index) => [id, `${index} × 400`]));
    const table = edgeTable(namedObservations(seen));
    expect(readEdgeObserved(table)).toEqual(namedObservations(seen));
    expect(table).toContain('| testssl.sh | SR-27 | nothing from LOW on | 5 × 400 |');
  });

  it('says of what was not tried that it was not', () => {
    expect(edgeTable(namedObservations({}))).toContain(`| ${NOT_OBSERVED} |`);
  });

  it('stands in the document with an observation of each', () => {
    const observed = readEdgeObserved(document);
    expect(observed.size).toBe(Object.keys(edgeAttacks).length);
    expect([...observed.values()]).not.toContain(NOT_OBSERVED);
  });
});
