import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp, type TestApp } from './support/test-app.ts';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

let service: TestApp;
beforeAll(async () => {
  service = await createTestApp();
});
afterAll(() => service.close());

async function fields(): Promise<Map<string, string>> {
  const { body } = await service.app.inject('/.well-known/security.txt');
  return new Map(body.split('\n').map((line) => line.split(': ', 2) as [string, string]));
}

describe('security.txt', () => {
  it('SR-79: says where to report a hole, to whoever asks, as plain text', async () => {
    const { statusCode, headers } = await service.app.inject('/.well-known/security.txt');
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    expect((await fields()).get('Contact')).toMatch(/^(?:mailto:|https:)/);
    expect((await fields()).get('Canonical')).toMatch(/\/\.well-known\/security\.txt$/);
  });

  it('SR-79: is never out of date: it ends in the future, and less than a year away', async () => {
    for (const years of [0, 1, 1]) {
      service.clock.advance(years * YEAR_MS);
      const leftMs = Date.parse((await fields()).get('Expires') ?? '') - service.clock.now();
      expect(leftMs).toBeGreaterThan(0);
      expect(leftMs).toBeLessThan(YEAR_MS);
    }
  });
});
