import { Buffer } from 'node:buffer';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createCanary, formsOf, pathsToCanary } from '../src/index.ts';

const canary = createCanary();

/** An error with the canary where no property is listed, printed or serialised. */
function withHidden(value: unknown): Error {
  return Object.defineProperty(new Error('x'), Symbol('hidden'), { value, enumerable: false });
}

const leaks: Record<string, unknown> = {
  'a message': new Error(`no ${canary}`),
  'the cause of a cause': new Error('x', { cause: new Error('y', { cause: canary }) }),
  'an error of many': new AggregateError([new Error('x'), new Error(canary)], 'x'),
  'a hidden property': withHidden({ response: { headers: { a: canary } } }),
  'a getter': Object.defineProperty({}, 'a', { get: () => canary }),
  'the name of a property': { [canary]: 1 },
  'a map, its keys too': [new Map([[{ deep: [canary] }, 1]])],
  'a set': new Set([[canary]]),
  bytes: { body: new TextEncoder().encode(`....${canary}`) },
  'a function': Object.assign(() => undefined, { canary }),
  'a ring': ((ring: { self?: unknown; text: string }) => Object.assign(ring, { self: ring }))({ text: canary }),
};

describe('pathsToCanary', () => {
  for (const [what, value] of Object.entries(leaks)) {
    it(`finds it in ${what}`, () => expect(pathsToCanary(value, canary)).not.toEqual([]));
  }

  it('finds nothing where nothing is', () => {
    expect(pathsToCanary(withHidden({ response: 'x' }), canary)).toEqual([]);
    expect(pathsToCanary([null, undefined, 1, 'x', new Error(createCanary())], canary)).toEqual([]);
  });
});

describe('formsOf', () => {
  for (const before of ['', 'a', 'ab', 'abc', 'Basic user:']) {
    it(`finds it in base64 after ${JSON.stringify(before)}`, () => {
      const bytes = Buffer.from(`${before}${canary}!`);
      for (const text of [
        bytes.toString('base64'),
        bytes.toString('base64url'),
        bytes.toString('hex'),
        bytes.toString(),
      ])
        expect(formsOf(canary).some((form) => text.includes(form))).toBe(true);
    });
  }

  it('finds it in bytes that are printed', () => {
    const printed = inspect(Buffer.from(`{"password":"${canary}"}`));
    expect(formsOf(canary).some((form) => printed.includes(form))).toBe(true);
  });
});
