import { join } from 'node:path';

import { securityEventCatalogue } from '@redoubt/logging';
import { describe, expect, it } from 'vitest';

import { findRaisedEvents } from '../src/security-events-table.ts';

const root = join(import.meta.dirname, '..', '..');

describe('the sources', () => {
  it('SR-45: raise every event of the catalogue, each in one place, and no other', async () => {
    const places = await findRaisedEvents(root);
    const scattered = [...places].filter(([, paths]) => paths.length > 1);
    expect(scattered).toEqual([]);
    expect([...places.keys()].toSorted()).toEqual(Object.keys(securityEventCatalogue).toSorted());
  });
});
