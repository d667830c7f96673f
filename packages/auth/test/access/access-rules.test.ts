import { describe, expect, it } from 'vitest';

import type { AccessRule } from '../../src/access/access-rule.ts';
import { owner, permission, recentSignIn, signedIn } from '../../src/access/access-rules.ts';
import { allOf, anyOf } from '../../src/access/combined-rules.ts';
import { decide } from '../../src/access/decide.ts';
import { caller, FOREIGN_ID, NOW_MS, OWN_ID } from './callers.ts';

const now = () => NOW_MS;
const reader = { permissions: new Set(['users:read']) };
const own = { id: OWN_ID };
const foreign = { id: FOREIGN_ID };
const stale = { authenticatedAt: NOW_MS / 1000 - 601 };
const readSelfOrAll = anyOf(owner('id'), permission('users:read'));
const sensitive = allOf(recentSignIn({ now }), permission('users:write'));

type Row = [rule: AccessRule, who: Parameters<typeof caller>[0], params: unknown, expected: string];
const table: Row[] = [
  [signedIn(), {}, {}, 'allow'],
  [signedIn(), { userId: '' }, {}, 'forbidden'],
  [permission('users:read'), reader, {}, 'allow'],
  [permission('users:read'), {}, {}, 'forbidden'],
  [permission('users:write'), reader, {}, 'forbidden'],
  [permission('users'), reader, {}, 'forbidden'],
  [permission('users:*'), reader, {}, 'forbidden'],
  [owner('id'), {}, own, 'allow'],
  [owner('id'), {}, foreign, 'not-found'],
  [owner('id'), reader, foreign, 'not-found'],
  [owner('id'), {}, { id: OWN_ID.toUpperCase() }, 'not-found'],
  [owner('id'), {}, { id: `${OWN_ID} ` }, 'not-found'],
  [owner('id'), {}, { id: [OWN_ID] }, 'not-found'],
  [owner('id'), {}, { userId: OWN_ID }, 'not-found'],
  [owner('id'), {}, {}, 'not-found'],
  [owner('id'), {}, null, 'not-found'],
  [owner('id'), {}, undefined, 'not-found'],
  [owner('id'), {}, OWN_ID, 'not-found'],
  [owner('id'), {}, Object.create({ id: OWN_ID }), 'not-found'],
  [owner('constructor'), {}, {}, 'not-found'],
  [owner('id'), { userId: '' }, { id: '' }, 'not-found'],
  [recentSignIn({ now }), {}, {}, 'allow'],
  [recentSignIn({ now }), { authenticatedAt: NOW_MS / 1000 - 600 }, {}, 'allow'],
  [recentSignIn({ now }), stale, {}, 'insufficient-authentication'],
  [recentSignIn({ now }), { authenticatedAt: Number.NaN }, {}, 'insufficient-authentication'],
  [recentSignIn({ now, withinSeconds: 5 }), { authenticatedAt: NOW_MS / 1000 - 6 }, {}, 'insufficient-authentication'],
  [readSelfOrAll, {}, own, 'allow'],
  [readSelfOrAll, reader, foreign, 'allow'],
  [readSelfOrAll, {}, foreign, 'not-found'],
  [anyOf(permission('a:b'), permission('c:d')), {}, {}, 'forbidden'],
  [anyOf(permission('a:b'), recentSignIn({ now })), stale, {}, 'forbidden'],
  [sensitive, { permissions: new Set(['users:write']) }, {}, 'allow'],
  [sensitive, { permissions: new Set(['users:write']), ...stale }, {}, 'insufficient-authentication'],
  [sensitive, {}, {}, 'forbidden'],
  [sensitive, stale, {}, 'forbidden'],
  [allOf(sensitive, owner('id')), stale, foreign, 'not-found'],
  [allOf(sensitive, owner('id')), stale, own, 'forbidden'],
  [allOf(readSelfOrAll, recentSignIn({ now })), {}, own, 'allow'],
  [allOf(readSelfOrAll, recentSignIn({ now })), stale, own, 'insufficient-authentication'],
  [anyOf(sensitive, owner('id')), {}, own, 'allow'],
  [anyOf(sensitive, owner('id')), { permissions: new Set(['users:write']) }, foreign, 'allow'],
  [anyOf(sensitive, owner('id')), { permissions: new Set(['users:write']), ...stale }, foreign, 'not-found'],
];

describe('access rules', () => {
  it.each(table.map((row, index) => [index, row[0].name, row[1], row[2], row[3], row[0]] as const))(
    'SR-1, SR-2: row %i: %s for %j at %j: %s',
    (_index, _name, who, params, expected, rule) => {
      const decision = decide(rule, caller(who), { params });
      expect(decision).toStrictEqual(expected === 'allow' ? 'allow' : { deniedAs: expected });
    },
  );

  it('SR-54: a sign-in counts as recent for ten minutes unless a rule says otherwise', () => {
    expect(recentSignIn().requires).toStrictEqual({ kind: 'recent-sign-in', withinSeconds: 600 });
    for (const withinSeconds of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => recentSignIn({ withinSeconds })).toThrow(RangeError);
    }
  });

  it('name what they demand, for the table of routes', () => {
    expect(readSelfOrAll.name).toBe('any-of(owner(id), permission(users:read))');
    expect(sensitive).toMatchObject({
      name: 'all-of(recent-sign-in(600 s), permission(users:write))',
      requires: {
        kind: 'all-of',
        of: [
          { kind: 'recent-sign-in', withinSeconds: 600 },
          { kind: 'permission', permission: 'users:write' },
        ],
      },
    });
  });

  it('SR-1: a combination of nothing is refused: it would allow everybody or nobody', () => {
    expect(() => allOf()).toThrow(/at least one rule/);
    expect(() => anyOf()).toThrow(/at least one rule/);
  });
});
