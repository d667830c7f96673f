import { describe, expect, it } from 'vitest';

import { type AccessMatrix, subjectsOf } from './access-matrix.ts';
import type { TestUser } from './create-test-service.ts';

/**
 * Calls every route of a service as everybody, and compares what comes of it with what the route declares (SR-1, SR-2). The
 * table of all outcomes is compared with a file that somebody has reviewed. Who made the matrix closes it.
 */
export function describeAccess<User extends TestUser>(matrix: AccessMatrix<User>, reviewedTable: string): void {
  describe('who may call', () => {
    for (const route of matrix.routes) {
      for (const caller of matrix.callers) {
        for (const subject of subjectsOf(route)) {
          const outcome = matrix.expected(route, caller, subject);
          const whose = route.url.includes(':') ? ` for ${subject === 'own' ? 'the own id' : 'a foreign id'}` : '';
          it(`SR-1, SR-2: ${route.method} ${route.url}: ${caller}${whose} → ${outcome}`, async () => {
            await expect(matrix.call(route, caller, subject)).resolves.toBe(outcome);
          });
        }
      }
    }

    it('SR-1: is what was reviewed', async () => {
      const lines = matrix.routes.flatMap((route) =>
        subjectsOf(route).map((subject) => {
          const outcomes = matrix.callers.map((caller) => matrix.expected(route, caller, subject));
          return [`${route.method} ${route.url}`, subject, ...outcomes].join(' | ');
        }),
      );
      const head = ['route', 'id', ...matrix.callers];
      const table = [head.join(' | '), head.map(() => '---').join(' | '), ...lines].join('\n');
      await expect(`${table}\n`).toMatchFileSnapshot(reviewedTable);
    });
  });
}
