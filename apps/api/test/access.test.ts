import { afterAll, describe, expect, it } from 'vitest';

import { AccessMatrix, callers, subjectsOf } from './support/access-matrix.ts';

// The routes are known only once the service is built, and tests are collected before hooks run.
const matrix = await AccessMatrix.create();
afterAll(() => matrix.close());

describe('who may call', () => {
  for (const route of matrix.routes) {
    for (const caller of callers) {
      for (const subject of subjectsOf(route)) {
        const outcome = matrix.expected(route, caller, subject);
        const whose = route.url.includes(':') ? ` for ${subject === 'own' ? 'the own id' : 'a foreign id'}` : '';
        it(`SR-1, SR-2: ${route.method} ${route.url}: ${caller}${whose} → ${outcome}`, async () => {
          await expect(matrix.call(route, caller, subject)).resolves.toBe(outcome);
        });
      }
    }
  }

  it('SR-1, SR-78: is what was reviewed', async () => {
    const lines = matrix.routes.flatMap((route) =>
      subjectsOf(route).map((subject) => {
        const outcomes = callers.map((caller) => matrix.expected(route, caller, subject));
        return [`${route.method} ${route.url}`, subject, ...outcomes].join(' | ');
      }),
    );
    const head = ['route', 'id', ...callers];
    const table = [head.join(' | '), head.map(() => '---').join(' | '), ...lines].join('\n');
    await expect(`${table}\n`).toMatchFileSnapshot('access.snapshot.md');
  });
});
