import { headersOf, hostileBodies } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';

import type { AccessMatrix } from './access-matrix.ts';
import type { TestUser } from './create-test-service.ts';

const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** Texts that would be more than a value somewhere else. */
const HOSTILE_IDS = ['%00', '..%2f..%2fetc', "'%20or%201%3D1--", '%E2%80%AE', 'a'.repeat(300)];

/**
 * Sends every route what no client of ours sends, as somebody whom it lets in: bodies, an unknown field of the query, and
 * ids. Each is refused with a 4xx, and none of it reaches a handler (SR-16, SR-18, SR-21).
 */
export function describeHostileInput<User extends TestUser>(matrix: AccessMatrix<User>): void {
  const reachable = matrix.routes.flatMap((route) => {
    const caller = matrix.admitted(route);
    return caller === undefined ? [] : [{ route, caller, name: `${route.method} ${route.url}` }];
  });

  describe('hostile input', () => {
    for (const { route, caller, name } of reachable) {
      it(`SR-16: ${name} takes no field of the query that it does not declare`, async () => {
        const { statusCode } = await matrix.send(route, caller, 'own', { query: '?unexpected_field=1' });
        expect(statusCode).toBe(400);
      });
    }

    for (const { route, caller, name } of reachable.filter(({ route: { method } }) => WITH_BODY.has(method))) {
      it(`SR-16, SR-18, SR-21: ${name} refuses every hostile body`, async () => {
        for (const hostile of hostileBodies) {
          const headers = { 'idempotency-key': 'hostile-input-key', ...headersOf(hostile) };
          const { statusCode } = await matrix.send(route, caller, 'own', { headers, body: hostile.body });
          // A route may take less than 100 KiB: then the size decides first.
          expect([hostile.name, statusCode]).toBeOneOf([
            [hostile.name, hostile.status],
            [hostile.name, 413],
          ]);
        }
      });
    }

    for (const { route, caller, name } of reachable.filter(({ route: { url } }) => url.includes(':'))) {
      it(`SR-16: ${name} refuses an id that is none`, async () => {
        for (const id of HOSTILE_IDS) {
          const url = route.url.replaceAll(/:\w+/g, id);
          const { statusCode } = await matrix.send({ ...route, url }, caller, 'own');
          expect([id, Math.floor(statusCode / 100)]).toEqual([id, 4]);
        }
      });
    }
  });
}
