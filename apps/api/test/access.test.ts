import { randomUUID } from 'node:crypto';

import type { AccessRule, Requirement } from '@redoubt/auth';
import type { RouteContract } from '@redoubt/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { roles } from '../src/access.ts';
import type { UserRow } from '../src/users/user-store.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

/** Everybody who can call: nobody in particular, and each role. */
const callers = ['anonymous', ...roles.names] as const;
type Caller = (typeof callers)[number];
/** Whose id stands in the path, where one does. */
type Subject = 'own' | 'foreign';
type Outcome = 'passes' | 401 | 403 | 404;

// The routes are known only once the service is built, and tests are collected before hooks run.
const service: TestApp = await createTestApp();
await service.app.ready();
const routes = service.app.routeContracts;
const users = new Map<Caller, UserRow>();

beforeAll(async () => {
  for (const role of roles.names) users.set(role, await service.createUser(role));
});
afterAll(() => service.close());

/** What a rule grants, read from its requirement: written apart from the code that decides. */
function grants(requirement: Requirement, caller: Caller, subject: Subject): boolean {
  if (caller === 'anonymous') return false;
  switch (requirement.kind) {
    case 'signed-in':
    case 'recent-sign-in': // every caller of this test has just signed in
      return true;
    case 'permission':
      return [...(roles.permissionsOf(caller) ?? [])].includes(requirement.permission as never);
    case 'owner':
      return subject === 'own';
    case 'any-of':
      return requirement.of.some((member) => grants(member, caller, subject));
    case 'all-of':
      return requirement.of.every((member) => grants(member, caller, subject));
    case 'custom':
      throw new Error('say here what the rule grants');
  }
}

function expected({ access, url }: RouteContract, caller: Caller, subject: Subject): Outcome {
  if (access === 'public') return 'passes';
  if (caller === 'anonymous') return 401;
  if (url === OWN_SESSION && subject === 'foreign') return 404;
  if (grants(access.requires, caller, subject)) return 'passes';
  return denialOf(access);
}

/** Ids in the path of this route are of sessions; its own query finds those of the caller alone. */
const OWN_SESSION = '/api/auth/sessions/:id';

function denialOf({ deniedAs }: AccessRule): Outcome {
  return { forbidden: 403 as const, 'not-found': 404 as const, 'insufficient-authentication': 401 as const }[deniedAs];
}

async function call(route: RouteContract, caller: Caller, subject: Subject): Promise<{ status: number; body: string }> {
  const user = users.get(caller);
  // A foreign id is one of an account that exists, so that 404 cannot be the truth.
  const other = [...users.values()].find(({ id }) => id !== user?.id);
  const response = await service.app.inject({
    method: route.method as 'GET',
    url: route.url.replaceAll(/:\w+/g, await idFor(route, subject === 'own' ? user : other)),
    headers: { ...(await cookieFor(route, other)), ...(user === undefined ? {} : await service.as(user)) },
  });
  return { status: response.statusCode, body: response.body };
}

async function idFor({ url }: RouteContract, user: UserRow | undefined): Promise<string> {
  if (user === undefined) return randomUUID();
  return url === OWN_SESSION ? (await service.openSession(user)).id : user.id;
}

/** A refresh is public, and is let in by a cookie alone. */
async function cookieFor({ url }: RouteContract, user: UserRow | undefined): Promise<Record<string, string>> {
  return url === '/api/auth/refresh' && user !== undefined ? (await service.openSession(user)).refresh : {};
}

/** A caller who passes may still have sent no body: anything but a refusal to let them in counts. */
function outcomeOf(status: number): Outcome {
  return status === 401 || status === 403 || status === 404 ? status : 'passes';
}

describe('who may call', () => {
  for (const route of routes) {
    const subjects: readonly Subject[] = route.url.includes(':') ? ['own', 'foreign'] : ['own'];
    for (const caller of callers) {
      for (const subject of subjects) {
        const outcome = expected(route, caller, subject);
        const whose = route.url.includes(':') ? ` for ${subject === 'own' ? 'the own id' : 'a foreign id'}` : '';
        it(`SR-1, SR-2: ${route.method} ${route.url}: ${caller}${whose} → ${outcome}`, async () => {
          const { status } = await call(route, caller, subject);
          // A sign-in without credentials is refused by its schema, not by access.
          expect(outcomeOf(status)).toBe(outcome);
          expect(status).toBeLessThan(500);
        });
      }
    }
  }

  it('SR-1: is what was reviewed', async () => {
    const lines = routes.flatMap((route) =>
      (route.url.includes(':') ? (['own', 'foreign'] as const) : (['own'] as const)).map((subject) =>
        [`${route.method} ${route.url}`, subject, ...callers.map((caller) => expected(route, caller, subject))].join(
          ' | ',
        ),
      ),
    );
    const table = ['route | id | anonymous | user | admin', '--- | --- | --- | --- | ---', ...lines].join('\n');
    await expect(`${table}\n`).toMatchFileSnapshot('access.snapshot.md');
  });
});
