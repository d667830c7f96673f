import { randomUUID } from 'node:crypto';
import { MAX_KEY_BYTES, MAX_TTL_MS, MAX_VALUE_BYTES, type SharedStore } from '@redoubt/storage';
import { beforeAll, describe, expect, it } from 'vitest';

/** A time to live that no test waits for: milliseconds. */
const LONG_MS = 600_000;

const BAD_KEYS = ['', 'k'.repeat(MAX_KEY_BYTES + 1), 'é'.repeat(MAX_KEY_BYTES / 2) + 'x', 'a\ud800', '\udc00'];
const BAD_TTLS = [0, -1, 1.5, Number.NaN, Infinity, MAX_TTL_MS + 1];

/** What every {@link SharedStore} refuses, before anything reaches a server; a part of its contract. */
export function describeWrongUse(open: () => SharedStore): void {
  describe('wrong use', () => {
    let store: SharedStore;

    beforeAll(() => {
      store = open();
    });

    for (const key of BAD_KEYS) {
      it(`refuses a key or channel of ${key.length} code units that starts with ${JSON.stringify(key.slice(0, 4))}`, async () => {
        await expect(store.get(key)).rejects.toThrow(RangeError);
        await expect(store.delete(key)).rejects.toThrow(RangeError);
        await expect(store.increment(key, LONG_MS)).rejects.toThrow(RangeError);
        await expect(store.setIfAbsent(key, 'value', LONG_MS)).rejects.toThrow(RangeError);
        await expect(store.set(key, 'value', LONG_MS)).rejects.toThrow(RangeError);
        await expect(store.publish(key, 'message')).rejects.toThrow(RangeError);
        await expect(store.subscribe(key, () => undefined)).rejects.toThrow(RangeError);
      });
    }

    for (const value of ['v'.repeat(MAX_VALUE_BYTES + 1), 'é'.repeat(MAX_VALUE_BYTES / 2) + 'x', 'a\udfff']) {
      it(`refuses a value or message of ${value.length} code units`, async () => {
        await expect(store.setIfAbsent(randomUUID(), value, LONG_MS)).rejects.toThrow(RangeError);
        await expect(store.set(randomUUID(), value, LONG_MS)).rejects.toThrow(RangeError);
        await expect(store.publish(randomUUID(), value)).rejects.toThrow(RangeError);
      });
    }

    for (const ttlMs of BAD_TTLS) {
      it(`refuses a time to live of ${ttlMs} ms`, async () => {
        await expect(store.setIfAbsent(randomUUID(), 'value', ttlMs)).rejects.toThrow(RangeError);
        await expect(store.set(randomUUID(), 'value', ttlMs)).rejects.toThrow(RangeError);
        await expect(store.increment(randomUUID(), ttlMs)).rejects.toThrow(RangeError);
      });
    }
  });
}
