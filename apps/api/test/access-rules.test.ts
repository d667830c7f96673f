import {
  type AccessRule,
  allOf,
  anyOf,
  anyService,
  owner,
  permission,
  recentSignIn,
  service,
  signedIn,
} from '@redoubt/auth';
import { BILLING, subjectsOf, UNLISTED } from '@redoubt/service/testing';
import { Type } from '@sinclair/typebox';
import { afterAll, describe, expect, it } from 'vitest';

import { createMatrix } from './support/access-matrix.ts';

function custom(description: string, check: AccessRule['check'], deniedAs: AccessRule['deniedAs'] = 'forbidden') {
  return { name: description, requires: { kind: 'custom', description }, deniedAs, check } satisfies AccessRule;
}

const readers = permission('users:read');
const rejects = custom('rejects', () => Promise.reject(new Error('the store is away')));
const throws = custom('throws', () => {
  throw new Error('the store is away');
});
const users = custom('users only', ({ kind }) => kind === 'user');

/** Rules of every kind and combination that a route may name, beyond those that the service's routes do. */
const rules: Readonly<Record<string, AccessRule>> = {
  'signed-in': signedIn(),
  recent: recentSignIn({ now: () => 0 }),
  reader: readers,
  owner: owner('id'),
  'any-service': anyService(),
  billing: service(BILLING),
  'another-service': service('spiffe://example.internal/ns/shipping'),
  'unlisted-service': service({ allow: [UNLISTED] }),
  'several-services': service({ allow: [UNLISTED, BILLING] }),
  'reader-or-billing': anyOf(readers, service(BILLING)),
  'owner-or-billing': anyOf(owner('id'), service(BILLING)),
  'owner-and-billing': allOf(owner('id'), service(BILLING)),
  'both-services': allOf(anyService(), service(BILLING)),
  'owner-and-reader-or-service': allOf(anyOf(readers, anyService()), anyOf(owner('id'), service(BILLING))),
  users,
  'users-or-service': anyOf(users, anyService()),
  throws,
  rejects,
  'throws-or-signed-in': anyOf(throws, signedIn()),
  'throws-and-service': allOf(anyService(), throws),
  'late-service': custom('a service, later', ({ kind }) => Promise.resolve(kind === 'service'), 'not-found'),
  'true-ish': custom('true-ish', (() => 'yes') as never),
};

const matrix = await createMatrix(
  (app) => {
    for (const [name, access] of Object.entries(rules)) {
      const params = Type.Object({ id: Type.String({ format: 'uuid' }) }, { additionalProperties: false });
      app.get(
        `/rules/${name}/:id`,
        { access, schema: { params, response: { 204: Type.Null() } } },
        (_request, reply) => {
          reply.code(204).send(null);
        },
      );
    }
  },
  {
    'users only': (caller) => !caller.endsWith('service'),
    'a service, later': (caller) => caller.endsWith('service'),
    throws: () => false,
    rejects: () => false,
    'true-ish': () => false,
  },
);
afterAll(() => matrix.close());

describe('rules of every kind', () => {
  for (const route of matrix.routes.filter(({ method, url }) => method === 'GET' && url.startsWith('/rules/'))) {
    for (const caller of matrix.callers) {
      for (const subject of subjectsOf(route)) {
        // A rule that throws denies for all it is a member of, whatever the others say.
        const denied = route.url.startsWith('/rules/throws') && caller !== 'anonymous';
        const outcome = denied ? 403 : matrix.expected(route, caller, subject);
        it(`SR-1, SR-30: ${route.url}: ${caller}, ${subject} id → ${outcome}`, async () => {
          await expect(matrix.call(route, caller, subject)).resolves.toBe(outcome);
        });
      }
    }
  }

  it('SR-1: a service has a rule of its own or none: what users may, it may not', () => {
    const open = matrix.routes.filter(
      (route) => route.access !== 'public' && matrix.expected(route, 'service', 'own') === 'passes',
    );
    for (const { access } of open) expect(JSON.stringify(access)).toMatch(/service/);
  });
});
