import { decideHeaders } from '@redoubt/server';
import { describe, expect, it } from 'vitest';

import type { AccessMatrix } from './access-matrix.ts';
import type { TestUser } from './create-test-service.ts';

/** Compares the headers of every answer, of whoever asks, with those that every answer has (SR-32, SR-34). */
export function describeHeaders<User extends TestUser>(matrix: AccessMatrix<User>): void {
  describe('the headers of an answer', () => {
    for (const route of matrix.routes) {
      it(`SR-32, SR-34: of ${route.method} ${route.url} are these for everybody`, async () => {
        const decided = await decideHeaders();
        for (const caller of matrix.callers) {
          const { statusCode, headers } = await matrix.send(route, caller, 'own');
          const isCached = route.cache !== undefined && statusCode === 200;
          const expected = Object.entries(decided).filter(([name]) => !(isCached && name === 'cache-control'));
          const found = expected.map(([name]) => [name, headers[name]]);
          expect([caller, found]).toEqual([caller, expected]);
          expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
          expect(headers).not.toHaveProperty('server');
          expect(headers).not.toHaveProperty('x-powered-by');
        }
      });
    }
  });
}
