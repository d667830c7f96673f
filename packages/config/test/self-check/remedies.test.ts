import { describe, expect, it } from 'vitest';
import { findingCatalogue, kindOf } from '../../src/index.ts';

describe('the remedies', () => {
  it('SR-28: recommend no variable that is a finding itself', () => {
    const recommending = [...findingCatalogue].filter(([, { remedy }]) => remedy.includes('NODE_EXTRA_CA_CERTS'));
    expect(recommending.map(([id]) => id)).toEqual([]);
    for (const id of ['RD-011', 'RD-085'] as const) expect(kindOf(id).remedy).toContain('DATABASE_CA_FILE');
  });

  it('SR-28: of a connection to the database that can be read name its settings', () => {
    expect(kindOf('RD-066').remedy).toMatch(/DATABASE_TLS=verify-full.*DATABASE_CA_FILE/);
  });

  it('SR-53: of a file with faults speak of all that such files decide', () => {
    const { risk, source } = kindOf('RD-017');
    expect(risk).toMatch(/tokens.*signed requests/);
    expect(source).toMatch(/010-external-issuers.*016-signed-requests/);
  });
});
