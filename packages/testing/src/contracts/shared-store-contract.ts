import { randomUUID } from 'node:crypto';
import {
  MAX_KEY_BYTES,
  MAX_TTL_MS,
  MAX_VALUE_BYTES,
  type SharedStore,
  SharedStoreUnavailableError,
} from '@redoubt/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { describeWrongUse } from './shared-store-wrong-use.ts';

/** What a store has to bring along to be held to the contract. */
export interface SharedStoreContract {
  /** Connects once more to the same keys and channels. A store without connections returns the same one. */
  readonly open: () => SharedStore;
  /** Makes a store that the test may close. */
  readonly openAlone: () => SharedStore;
  /** Lets time pass where time is injected; elsewhere it passes by itself, and this does nothing. */
  readonly advance: (milliseconds: number) => void;
}

const LONG_MS = 600_000;
const SHORT_MS = 80;

const TEXTS = ['', 'plain', 'a\u0000b\r\n\t', '*3\r\n$3\r\nSET\r\n', 'ключ 鍵 🔑', '\u202e\ufeff', '"\\\'%s{}'];

/** What every {@link SharedStore} does: the same tests for the twin and for a server. */
export function describeSharedStoreContract(name: string, { open, openAlone, advance }: SharedStoreContract): void {
  describe(`shared store contract: ${name}`, () => {
    let store: SharedStore;
    let other: SharedStore;

    beforeAll(() => {
      store = open();
      other = open();
    });

    afterAll(async () => {
      await Promise.all([store.close(), other.close()]);
    });

    const isGone = async (key: string): Promise<boolean> => (await store.get(key)) === undefined;

    describe('values', () => {
      it('stores a value once, and keeps the first', async () => {
        const key = randomUUID();
        expect(await store.setIfAbsent(key, 'first', LONG_MS)).toBe(true);
        expect(await other.setIfAbsent(key, 'second', LONG_MS)).toBe(false);
        expect(await other.get(key)).toBe('first');
      });

      it('has no value for a key that nobody set', async () => {
        expect(await store.get(randomUUID())).toBeUndefined();
      });

      it('SR-42: lets exactly one of 50 simultaneous callers set a key', async () => {
        const key = randomUUID();
        const outcomes = await Promise.all(
          Array.from({ length: 50 }, (_, index) => (index % 2 ? store : other).setIfAbsent(key, 'nonce', LONG_MS)),
        );
        expect(outcomes.filter(Boolean)).toHaveLength(1);
      });

      it('forgets a value when its time to live has passed, and takes a new one', async () => {
        const key = randomUUID();
        await store.setIfAbsent(key, 'old', SHORT_MS);
        advance(SHORT_MS);
        await eventually('the value expired', () => isGone(key));
        expect(await store.setIfAbsent(key, 'new', LONG_MS)).toBe(true);
        expect(await store.get(key)).toBe('new');
      });

      it('keeps a value until its time to live has passed', async () => {
        const key = randomUUID();
        await store.setIfAbsent(key, 'value', LONG_MS);
        advance(LONG_MS - 1);
        expect(await store.get(key)).toBe('value');
        expect(await store.setIfAbsent(key, 'other', LONG_MS)).toBe(false);
      });

      it('stores a value in place of another one, and its time to live starts anew', async () => {
        const key = randomUUID();
        await store.set(key, 'first', LONG_MS);
        await other.set(key, 'second', SHORT_MS);
        expect(await store.get(key)).toBe('second');
        await store.set(key, 'third', LONG_MS);
        advance(SHORT_MS);
        expect(await other.get(key)).toBe('third');
        await other.set(key, 'fourth', SHORT_MS);
        advance(SHORT_MS);
        await eventually('the value expired', () => isGone(key));
      });

      it('takes the longest time to live', async () => {
        const key = randomUUID();
        expect(await store.setIfAbsent(key, 'value', MAX_TTL_MS)).toBe(true);
        expect(await store.get(key)).toBe('value');
      });

      it('deletes a key, and says whether there was one', async () => {
        const key = randomUUID();
        await store.setIfAbsent(key, 'value', LONG_MS);
        expect(await other.delete(key)).toBe(true);
        expect(await store.delete(key)).toBe(false);
        expect(await store.get(key)).toBeUndefined();
      });

      it('has nothing to delete once a key has expired', async () => {
        const key = randomUUID();
        await store.setIfAbsent(key, 'value', SHORT_MS);
        advance(SHORT_MS);
        await eventually('the value expired', () => isGone(key));
        expect(await store.delete(key)).toBe(false);
      });

      for (const text of TEXTS) {
        it(`gives back ${JSON.stringify(text)} as it was, as key and as value`, async () => {
          const key = `${randomUUID()}${text}`;
          expect(await store.setIfAbsent(key, text, LONG_MS)).toBe(true);
          expect(await store.get(key)).toBe(text);
          expect(await store.delete(key)).toBe(true);
        });
      }

      it('takes the longest key and the longest value, counted in bytes', async () => {
        const key = randomUUID().padEnd(MAX_KEY_BYTES - 2, 'k') + 'é';
        const value = 'é'.repeat(MAX_VALUE_BYTES / 2);
        expect(await store.setIfAbsent(key, value, LONG_MS)).toBe(true);
        expect(await store.get(key)).toBe(value);
        await store.delete(key);
      });
    });

    describe('counters', () => {
      it('counts from one, from both connections, and says when it starts anew', async () => {
        const key = randomUUID();
        const first = await store.increment(key, LONG_MS);
        expect(first.count).toBe(1);
        expect(first.expiresInMs).toBeGreaterThan(0);
        expect(first.expiresInMs).toBeLessThanOrEqual(LONG_MS);
        expect((await other.increment(key, LONG_MS)).count).toBe(2);
        expect(await store.get(key)).toBe('2');
      });

      it('SR-22: counts each of 200 simultaneous callers once', async () => {
        const key = randomUUID();
        const states = await Promise.all(
          Array.from({ length: 200 }, (_, index) => (index % 2 ? store : other).increment(key, LONG_MS)),
        );
        const counts = states.map(({ count }) => count).toSorted((a, b) => a - b);
        expect(counts).toStrictEqual(Array.from({ length: 200 }, (_, index) => index + 1));
      });

      it('SR-22: does not extend a window through later requests in it', async () => {
        const key = randomUUID();
        await store.increment(key, LONG_MS);
        advance(1_000);
        const later = await store.increment(key, 2 * LONG_MS);
        expect(later.count).toBe(2);
        expect(later.expiresInMs).toBeLessThanOrEqual(LONG_MS);
      });

      it('starts anew when the window has passed', async () => {
        const key = randomUUID();
        await store.increment(key, SHORT_MS);
        advance(SHORT_MS);
        await eventually('the counter expired', () => isGone(key));
        expect((await store.increment(key, LONG_MS)).count).toBe(1);
      });

      it('starts anew when it was deleted', async () => {
        const key = randomUUID();
        await store.increment(key, LONG_MS);
        expect(await store.delete(key)).toBe(true);
        expect((await store.increment(key, LONG_MS)).count).toBe(1);
      });

      it('does not take a value for a counter', async () => {
        const key = randomUUID();
        await store.setIfAbsent(key, 'not a number', LONG_MS);
        await expect(store.increment(key, LONG_MS)).rejects.toThrow(TypeError);
        expect(await store.get(key)).toBe('not a number');
      });

      it('does not take a counter for an absent value', async () => {
        const key = randomUUID();
        await store.increment(key, LONG_MS);
        expect(await store.setIfAbsent(key, 'value', LONG_MS)).toBe(false);
      });
    });

    describe('messages', () => {
      it('reach every listener of the channel, on both connections, in order and as they were', async () => {
        const channel = randomUUID();
        const received: string[][] = [[], [], []];
        const subscriptions = await Promise.all([
          store.subscribe(channel, (message) => received[0]?.push(message)),
          store.subscribe(channel, (message) => received[1]?.push(message)),
          other.subscribe(channel, (message) => received[2]?.push(message)),
        ]);
        for (const text of TEXTS) await store.publish(channel, text);
        await eventually('all messages arrived', () => received.every(({ length }) => length === TEXTS.length));
        expect(received).toStrictEqual([TEXTS, TEXTS, TEXTS]);
        await Promise.all(subscriptions.map((unsubscribe) => unsubscribe()));
      });

      it('do not reach a listener that unsubscribed, nor another channel', async () => {
        const channel = randomUUID();
        const received: string[] = [];
        const leave = await store.subscribe(channel, (message) => received.push(`gone ${message}`));
        const stay = await store.subscribe(channel, (message) => received.push(message));
        const elsewhere = await store.subscribe(randomUUID(), (message) => received.push(`elsewhere ${message}`));
        await leave();
        await leave();
        await other.publish(channel, 'hello');
        await eventually('the message arrived', () => received.length > 0);
        expect(received).toStrictEqual(['hello']);
        await Promise.all([stay(), elsewhere()]);
      });

      it('reach a listener that came back after everybody had left', async () => {
        const channel = randomUUID();
        const received: string[] = [];
        const leave = await store.subscribe(channel, () => received.push('gone'));
        await leave();
        const leaveAgain = await store.subscribe(channel, (message) => received.push(message));
        await other.publish(channel, 'hello');
        await eventually('the message arrived', () => received.length > 0);
        expect(received).toStrictEqual(['hello']);
        await leaveAgain();
      });

      it('reach the other listeners when one throws', async () => {
        const channel = randomUUID();
        const received: string[] = [];
        const subscriptions = [
          await store.subscribe(channel, () => {
            throw new Error('a listener failed');
          }),
          await store.subscribe(channel, (message) => received.push(message)),
        ];
        await other.publish(channel, 'hello');
        await eventually('the message arrived', () => received.length > 0);
        expect(received).toStrictEqual(['hello']);
        await Promise.all(subscriptions.map((unsubscribe) => unsubscribe()));
      });

      it('SR-7: are counted by those whom they were sent to', async () => {
        const channel = randomUUID();
        expect(await store.publish(channel, 'hello')).toBe(0);
        const subscriptions = [await store.subscribe(channel, () => undefined)];
        expect(await other.publish(channel, 'hello')).toBe(1);
        subscriptions.push(await other.subscribe(channel, () => undefined));
        expect(await store.publish(channel, 'hello')).toBe(2);
        await Promise.all(subscriptions.map((unsubscribe) => unsubscribe()));
      });
    });

    describeWrongUse(() => store);

    describe('life', () => {
      it('answers a ping', async () => {
        await expect(store.ping()).resolves.toBeUndefined();
      });

      it('SR-30: rejects everything once it is closed, and closes twice without complaint', async () => {
        const closed = openAlone();
        await closed.ping();
        await closed.close();
        await closed.close();
        await expect(closed.ping()).rejects.toThrow(SharedStoreUnavailableError);
        await expect(closed.get('key')).rejects.toThrow(SharedStoreUnavailableError);
        await expect(closed.delete('key')).rejects.toThrow(SharedStoreUnavailableError);
        await expect(closed.increment('key', LONG_MS)).rejects.toThrow(SharedStoreUnavailableError);
        await expect(closed.setIfAbsent('key', 'value', LONG_MS)).rejects.toThrow(SharedStoreUnavailableError);
        await expect(closed.set('key', 'value', LONG_MS)).rejects.toThrow(SharedStoreUnavailableError);
        await expect(closed.publish('channel', 'message')).rejects.toThrow(SharedStoreUnavailableError);
        await expect(closed.subscribe('channel', () => undefined)).rejects.toThrow(SharedStoreUnavailableError);
      });
    });
  });
}
