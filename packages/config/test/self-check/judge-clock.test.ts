import { describe, expect, it } from 'vitest';

import { judgeClock, kindOf } from '../../src/index.ts';

describe('judgeClock', () => {
  it.each([
    [5_001, 'RD-099'],
    [-5_001, 'RD-099'],
    [30_000, 'RD-099'],
    [30_001, 'RD-110'],
    [-3_600_000, 'RD-110'],
  ])('SR-6: finds a database that is %d ms ahead', (databaseSkewMs, id) => {
    expect(judgeClock({ databaseSkewMs }).map((finding) => finding.id)).toStrictEqual([id]);
  });

  it.each([0, 5_000, -5_000, undefined])('finds nothing in %j ms', (databaseSkewMs) => {
    expect(judgeClock({ databaseSkewMs })).toStrictEqual([]);
  });

  it('SR-6: stops a start beyond what a token forgives, and warns before', () => {
    expect([kindOf('RD-099').severity, kindOf('RD-110').severity]).toStrictEqual(['warning', 'error']);
  });
});
