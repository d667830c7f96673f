import { createManualClock } from '@redoubt/testing';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/index.ts';
import { createRecordedLog } from '../recorded-log.ts';

const LONG_MS = 60_000;

describe('the store in memory', () => {
  it('expires at the very millisecond that the clock says', async () => {
    const clock = createManualClock();
    const store = createMemoryStore({ now: clock.now });
    await store.setIfAbsent('key', 'value', 1_000);
    await store.increment('counter', 1_000);
    clock.advance(999);
    expect(await store.get('key')).toBe('value');
    expect(await store.increment('counter', 1_000)).toStrictEqual({ count: 2, expiresInMs: 1 });
    clock.advance(1);
    expect(await store.get('key')).toBeUndefined();
    expect(await store.increment('counter', 1_000)).toStrictEqual({ count: 1, expiresInMs: 1_000 });
  });

  it('gives up the key that expires soonest when it is full', async () => {
    const clock = createManualClock();
    const store = createMemoryStore({ now: clock.now, maxKeys: 3 });
    await store.setIfAbsent('long', 'value', 3 * LONG_MS);
    await store.setIfAbsent('short', 'value', LONG_MS);
    await store.setIfAbsent('middle', 'value', 2 * LONG_MS);
    await store.setIfAbsent('new', 'value', LONG_MS);
    expect(await store.get('short')).toBeUndefined();
    expect(await Promise.all(['long', 'middle', 'new'].map((key) => store.get(key)))).not.toContain(undefined);
  });

  it('gives up expired keys before living ones', async () => {
    const clock = createManualClock();
    const store = createMemoryStore({ now: clock.now, maxKeys: 2 });
    await store.setIfAbsent('expired', 'value', 10);
    await store.setIfAbsent('alive', 'value', LONG_MS);
    clock.advance(10);
    await store.setIfAbsent('new', 'value', LONG_MS);
    expect(await store.get('alive')).toBe('value');
    expect(await store.get('new')).toBe('value');
  });

  it('never holds more than its limit, whatever the order of lives, and gives up the shortest of them', async () => {
    const clock = createManualClock();
    const store = createMemoryStore({ now: clock.now, maxKeys: 100 });
    const lives = Array.from({ length: 1_000 }, (_, index) => 1_000 + ((index * 7_919) % 1_000));
    for (const [index, life] of lives.entries()) await store.setIfAbsent(`${index}`, 'value', life);
    const held = await Promise.all(lives.map((_, index) => store.get(`${index}`)));
    expect(held.filter((value) => value !== undefined)).toHaveLength(100);
    // The longest-lived of the first 900 outlived every newcomer.
    expect(held[lives.indexOf(1_999)]).toBe('value');
  });

  it('keeps a key that was deleted and set again when the first one would have expired', async () => {
    const clock = createManualClock();
    const store = createMemoryStore({ now: clock.now });
    await store.setIfAbsent('key', 'first', 10);
    await store.delete('key');
    await store.setIfAbsent('key', 'second', LONG_MS);
    clock.advance(10);
    for (let index = 0; index < 20; index += 1) await store.setIfAbsent(`other ${index}`, 'value', LONG_MS);
    expect(await store.get('key')).toBe('second');
  });

  it('does not grow through keys that are set and deleted over and over', async () => {
    const clock = createManualClock();
    const store = createMemoryStore({ now: clock.now, maxKeys: 10 });
    await store.setIfAbsent('stays', 'value', 2 * LONG_MS);
    for (let index = 0; index < 5_000; index += 1) {
      await store.setIfAbsent('key', 'value', LONG_MS + index);
      await store.delete('key');
    }
    expect(await store.get('stays')).toBe('value');
  });

  it('logs the error of a listener that throws', async () => {
    const logger = createRecordedLog();
    const store = createMemoryStore({ now: createManualClock().now, logger });
    await store.subscribe('channel', () => {
      throw new Error('a listener failed');
    });
    await store.publish('channel', 'a private message');
    await eventually('the error was logged', () => logger.entries.length > 0);
    expect(JSON.stringify(logger.entries)).not.toContain('a private message');
  });

  for (const maxKeys of [0, -1, 1.5, Number.NaN]) {
    it(`refuses a limit of ${maxKeys} keys`, () => {
      expect(() => createMemoryStore({ now: () => 0, maxKeys })).toThrow(RangeError);
    });
  }
});
