import { describe, expect, it, vi } from 'vitest';

import type { AccessRule } from '../../src/access/access-rule.ts';
import { permission, signedIn } from '../../src/access/access-rules.ts';
import { allOf, anyOf } from '../../src/access/combined-rules.ts';
import { decide } from '../../src/access/decide.ts';
import { caller } from './callers.ts';

const request = { params: {} };
const fault = new Error('the store is away');
const denied = { deniedAs: 'not-found' };

/** A rule of an application, whatever it answers. */
function custom(check: () => unknown): AccessRule {
  const requires = { kind: 'custom', description: 'a rule under test' } as const;
  return { name: 'custom', requires, deniedAs: 'not-found', check: check as AccessRule['check'] };
}

const throws = custom(() => {
  throw fault;
});
const rejects = custom(() => Promise.reject(fault));
const late = (answer: unknown) => custom(() => Promise.resolve(answer));

describe('a decision', () => {
  it('comes at once when the rule answers at once', () => {
    expect(
      decide(
        custom(() => true),
        caller(),
        request,
      ),
    ).toBe('allow');
    expect(decide(allOf(signedIn(), anyOf(permission('a:b'), signedIn())), caller(), request)).toBe('allow');
    expect(
      decide(
        custom(() => false),
        caller(),
        request,
      ),
    ).toStrictEqual(denied);
  });

  it('waits for a rule that must', async () => {
    for (const rule of [
      late(true),
      allOf(signedIn(), late(true)),
      anyOf(permission('a:b'), late(true)),
      anyOf(late(false), signedIn()),
    ]) {
      await expect(decide(rule, caller(), request)).resolves.toBe('allow');
    }
    for (const rule of [
      late(false),
      allOf(late(true), late(false)),
      allOf(late(false), signedIn()),
      anyOf(late(false), late(false)),
      anyOf(allOf(late(true), late(false)), late(false)),
    ]) {
      await expect(decide(rule, caller(), request)).resolves.toStrictEqual(denied);
    }
  });

  it.each([
    ['alone', throws],
    ['among all-of', allOf(signedIn(), throws)],
    ['before a rule of any-of that would allow', anyOf(throws, signedIn())],
    ['inside any-of inside all-of', allOf(signedIn(), anyOf(throws, signedIn()))],
  ])('SR-30: a rule that throws denies, %s, and the reason is told', (_name, rule) => {
    const onFault = vi.fn<(fault: unknown) => void>();
    expect(decide(rule, caller(), request, onFault)).toStrictEqual(denied);
    expect(onFault.mock.calls).toStrictEqual([[fault]]);
  });

  it.each([
    ['alone', rejects],
    ['among all-of', allOf(signedIn(), rejects)],
    ['after a late rule', allOf(late(true), throws)],
    ['before a rule of any-of that would allow', anyOf(rejects, signedIn())],
    ['in any-of after a late rule', anyOf(late(false), throws)],
  ])('SR-30: a rule that rejects denies, %s, and the reason is told', async (_name, rule) => {
    const onFault = vi.fn<(fault: unknown) => void>();
    await expect(decide(rule, caller(), request, onFault)).resolves.toStrictEqual(denied);
    expect(onFault.mock.calls).toStrictEqual([[fault]]);
  });

  it('SR-30: a fault denies also when nobody listens, or when listening fails', async () => {
    const failing = () => {
      throw new Error('the log is full');
    };
    expect(decide(throws, caller(), request)).toStrictEqual(denied);
    expect(decide(throws, caller(), request, failing)).toStrictEqual(denied);
    await expect(decide(rejects, caller(), request, failing)).resolves.toStrictEqual(denied);
  });

  it.each([undefined, null, 1, 'true', {}, [], 'allow', new Date(0)])(
    'SR-30: the answer %j is not true, and denies, early or late, alone or combined',
    async (answer) => {
      const early = custom(() => answer);
      for (const rule of [early, allOf(early), anyOf(early), allOf(signedIn(), early), anyOf(allOf(early))]) {
        expect(decide(rule, caller(), request)).toStrictEqual(denied);
      }
      for (const rule of [late(answer), allOf(late(answer)), anyOf(late(answer)), anyOf(allOf(late(answer)))]) {
        await expect(decide(rule, caller(), request)).resolves.toStrictEqual(denied);
      }
    },
  );

  it('SR-30: a caller that is missing by a fault of ours is denied', () => {
    const nobody = undefined as unknown as Parameters<typeof decide>[1];
    for (const rule of [signedIn(), permission('a:b'), anyOf(signedIn(), permission('a:b')), allOf(signedIn())]) {
      expect(decide(rule, nobody, request)).toStrictEqual({ deniedAs: 'forbidden' });
    }
  });
});
