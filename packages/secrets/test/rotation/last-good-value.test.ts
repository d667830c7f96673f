import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { LiveSecret, SecretReading } from '../../src/index.ts';
import { fails, gives, hangs, type Script } from './support/scripted-source.ts';
import { createTestStore, credentials } from './support/test-store.ts';

const behaviours = [
  'good',
  'leased',
  'empty',
  'blank field',
  'missing field',
  'half',
  'away',
  'denied',
  'hanging',
  'late',
  'broken',
] as const;

type Behaviour = (typeof behaviours)[number];

/** One thing that happens to a store. */
type Step =
  | { readonly what: 'source'; readonly behaviour: Behaviour }
  | { readonly what: 'time'; readonly ms: number }
  | { readonly what: 'refresh' | 'refuse' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ what: fc.constant('source' as const), behaviour: fc.constantFrom(...behaviours) }),
  fc.record({ what: fc.constant('time' as const), ms: fc.integer({ min: 0, max: 120_000 }) }),
  fc.record({ what: fc.constantFrom('refresh' as const, 'refuse' as const) }),
);

const draws = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1, maxLength: 20 });

/** Each number belongs to one pair of credentials. */
function documentOf(number: number): string {
  return credentials(`user-${number}`, `password-${number}`);
}

/** A world in which each good reading is another one, and the number of the last one is known. */
function createWorld(randoms: readonly number[], pending: 'with pending versions' | 'without') {
  let lastGood = 0;
  let draw = 0;
  const later = (ms: number, reading: SecretReading): Promise<SecretReading> =>
    new Promise((resolve) => {
      scheduler.after(ms, () => resolve(reading));
    });
  const good = (facts: Omit<SecretReading, 'text'> = {}): Promise<SecretReading> => {
    lastGood += 1;
    return Promise.resolve({ text: documentOf(lastGood), ...facts });
  };
  const reads: { readonly [B in Behaviour]: Script['read'] } = {
    good: () => good(),
    leased: () => good({ lease: { id: 'a', durationMs: 30_000, renewal: 'renewable' } }),
    empty: gives(''),
    'blank field': gives(credentials('user', ' \n')),
    'missing field': gives('{"username":"user"}'),
    half: gives('{"username":"user","pass'),
    away: fails('unavailable'),
    denied: fails('access-denied'),
    hanging: hangs(),
    // The attempt has been given up by then.
    late: () => later(4_000, { text: documentOf(-1) }),
    broken: () => Promise.reject(new TypeError('broken')),
  };
  const test = createTestStore(
    {
      read: reads.good,
      renew: (lease) => (lastGood % 2 === 0 ? Promise.resolve(lease) : fails('access-denied')()),
      ...(pending === 'with pending versions' && { readPending: (signal) => reads[behaviour](signal) }),
    },
    { random: () => randoms[(draw += 1) % randoms.length] ?? 0 },
  );
  const { scheduler } = test;
  let behaviour: Behaviour = 'good';
  return {
    ...test,
    behave(next: Behaviour) {
      behaviour = next;
      test.script.read = reads[next];
    },
    lastGood: () => lastGood,
  };
}

type World = ReturnType<typeof createWorld>;

async function take(next: Step, world: World, password: LiveSecret): Promise<void> {
  if (next.what === 'source') world.behave(next.behaviour);
  if (next.what === 'refresh') void world.store.refresh();
  if (next.what === 'refuse') void password.refused(password.current());
  await world.scheduler.advance(next.what === 'time' ? next.ms : 0);
}

describe('whatever a source does, and however long', () => {
  it('SR-52: the value is that of the last good reading, whole, and never empty', async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 30 }), draws, async (steps, randoms) => {
      const world = createWorld(randoms, 'without');
      const user = await world.watch('vault://a/b#username', 'USER');
      const password = await world.watch('vault://a/b#password', 'PASSWORD');
      for (const next of steps) {
        await take(next, world, password);
        const pair = credentials(user.current().expose(), password.current().expose());
        expect(pair).toBe(documentOf(world.lastGood()));
      }
      await world.store.close();
      expect(world.scheduler.due().holding).toEqual([]);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('SR-52: with pending versions, too, the value is one that was read, whole, and never empty', async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 30 }), draws, async (steps, randoms) => {
      const world = createWorld(randoms, 'with pending versions');
      const user = await world.watch('vault://a/b#username', 'USER');
      const password = await world.watch('vault://a/b#password', 'PASSWORD');
      for (const next of steps) {
        await take(next, world, password);
        const number = Number(user.current().expose().replace('user-', ''));
        expect(number).toBeGreaterThan(0);
        expect(number).toBeLessThanOrEqual(world.lastGood());
        expect(password.current().expose()).toBe(`password-${number}`);
      }
      await world.store.close();
    });
    await fc.assert(property, { numRuns: 200 });
  });
});
