import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactValue } from '../../src/index.ts';
import { createShortCanary } from '../canary.ts';
import { captureLog } from '../captured-log.ts';

const canary = createShortCanary('value');

const sensitiveKeys = ['password', 'API_KEY', 'x-api-key', 'accessToken', 'Set-Cookie', 'private key', 'sessionId'];

/** Any value around a member whose key names a secret and whose value holds the canary somewhere. */
const around = fc.letrec<{ secret: unknown; tree: unknown }>((tie) => ({
  secret: fc.tuple(fc.constantFrom(...sensitiveKeys), fc.jsonValue()).map(([key, other]) => ({
    [key]: { value: canary, list: [canary, other], [canary]: other },
  })),
  tree: fc.oneof(
    { maxDepth: 9, depthSize: 'large' },
    tie('secret'),
    fc.tuple(fc.string(), tie('tree'), fc.jsonValue()).map(([key, tree, other]) => ({ [key]: tree, other })),
    fc.tuple(fc.jsonValue(), tie('tree')).map((items) => items),
    fc.tuple(fc.string(), tie('tree')).map(([key, tree]) => new Map([[key, tree]])),
    tie('tree').map((tree) => new Set([tree])),
    tie('tree').map((tree) => new Error('failed', { cause: tree })),
    tie('tree').map((tree) => new AggregateError([tree], 'failed')),
    tie('tree').map((tree) => Object.assign(new Error('failed'), { context: tree })),
    tie('tree').map((tree) => ({ toJSON: () => tree })),
    tie('tree').map((tree) => Object.create(null, { member: { enumerable: true, get: () => tree } }) as unknown),
  ),
})).tree;

describe('redactValue', () => {
  it('SR-43: leaves nothing under a sensitive key, at any depth, in any container', () => {
    fc.assert(
      fc.property(around, (value) => {
        expect(JSON.stringify(redactValue(value))).not.toContain(canary);

        const captured = captureLog();
        captured.logger.info(value as object);
        captured.logger.child({ value }).info('%o', value as string);
        expect(captured.text()).not.toContain(canary);
      }),
      { numRuns: 300 },
    );
  });

  it('copies what holds no secret', () => {
    const value = { text: 'a', number: 1.5, yes: true, none: null, list: [1, [2]], deep: { deeper: {} } };
    expect(redactValue(value)).toEqual(value);
  });

  it('names what it does not write', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(redactValue(loop)).toEqual({ self: '[circular]' });
    expect(redactValue([Buffer.alloc(3), new ArrayBuffer(4), new DataView(new ArrayBuffer(5))])).toEqual([
      '[binary 3 bytes]',
      '[binary 4 bytes]',
      '[binary 5 bytes]',
    ]);
    expect(redactValue([() => 1, Symbol('s'), 10n, new Date(Number.NaN), /x/g])).toEqual([
      '[function]',
      'Symbol(s)',
      '10',
      'Invalid Date',
      '/x/g',
    ]);
  });

  it('writes an object twice that stands in two places', () => {
    const shared = { a: 1 };
    expect(redactValue([shared, shared])).toEqual([{ a: 1 }, { a: 1 }]);
  });

  it('marks a member that cannot be read, and writes the others', () => {
    const value = {
      before: 1,
      get broken(): never {
        throw new Error('no');
      },
      after: 2,
    };
    expect(redactValue(value)).toEqual({ before: 1, broken: '[unreadable]', after: 2 });
  });

  it('does not call a getter under a sensitive key', () => {
    let called = 0;
    const value = {
      get password(): string {
        called += 1;
        return canary;
      },
    };
    expect(redactValue(value)).toEqual({ password: '[redacted]' });
    expect(called).toBe(0);
  });

  it('writes a series of numbered names whole, whatever they speak of', () => {
    const applied = [
      '0005-sign-in-failures',
      '0006-one-time-tokens',
      '0007-audit-chain',
      '0008-password',
      '0009-reader',
    ];
    expect(redactValue({ applied })).toEqual({ applied });
    expect(redactValue(new Set(applied))).toEqual(applied);
  });

  const announcements = [
    '2fa-token',
    '12-password',
    '1_password',
    '0006_token',
    '0006 password',
    '0006token',
    '--token',
  ];
  for (const name of [...sensitiveKeys, ...announcements]) {
    it(`SR-43: hides what follows ${name} in a list, at any place of it`, () => {
      for (const list of [
        [name, canary],
        ['first', name, canary],
        ['0001-first', name, canary, '0002-last'],
      ]) {
        expect(JSON.stringify(redactValue(list))).not.toContain(canary);
        expect(JSON.stringify(redactValue([list, new Set(list)]))).not.toContain(canary);
      }
    });
  }

  it('SR-43: hides a secret under a numbered name, as a member and by its shape', () => {
    expect(redactValue({ '0006-token': canary })).toEqual({ '0006-token': '[redacted]' });
    expect(redactValue({ name: '0006-token', value: canary })).toMatchObject({ value: '[redacted]' });
    const token = createHash('sha256').update('a token').digest('base64url');
    expect(redactValue(['0006-one-time-tokens', token])).toEqual(['0006-one-time-tokens', '[redacted]']);
  });

  it('SR-44: stops at eight levels', () => {
    let value: unknown = 'the bottom';
    for (let level = 0; level < 20_000; level += 1) value = { next: value };
    expect(JSON.stringify(redactValue(value))).toBe(`${'{"next":'.repeat(8)}"[cut]"${'}'.repeat(8)}`);
  });

  it('SR-44: writes 64 keys and items, and counts the rest', () => {
    const keys = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, index]));
    expect(Object.keys(redactValue(keys) as object)).toHaveLength(65);
    expect(redactValue(keys)).toMatchObject({ '[cut]': '36 more' });
    expect(redactValue(new Map(Object.entries(keys)))).toMatchObject({ '[cut]': '36 more' });
    for (const list of [Array.from({ length: 100 }, () => 1), new Set(Object.values(keys))]) {
      expect((redactValue(list) as unknown[]).at(-1)).toBe('[cut] 36 more');
    }
    const sparse: unknown[] = [];
    sparse.length = 4_294_967_295;
    expect(redactValue(sparse)).toHaveLength(65);
  });

  it('SR-43: keeps keys from outside harmless', () => {
    const value: unknown = JSON.parse(`{"__proto__":{"polluted":1},"constructor":{"prototype":{"x":1}}}`);
    const redacted = redactValue(value) as object;
    expect(Object.getPrototypeOf(redacted)).toBeNull();
    expect(JSON.stringify(redacted)).toBe(JSON.stringify(value));
    expect('polluted' in {}).toBe(false);
  });

  it('SR-43: finds a card number in a number too', () => {
    expect(redactValue([4_111_111_111_111_111, 4_111_111_111_111_112, 1_790_000_000_000])).toEqual([
      '[redacted]',
      4_111_111_111_111_112,
      1_790_000_000_000,
    ]);
  });

  it('SR-43: hides what a database driver repeats of a row', () => {
    const error = Object.assign(new Error('duplicate key'), { code: '23505', detail: canary, where: canary });
    expect(redactValue(error)).toMatchObject({ code: '23505', detail: '[redacted]', where: '[redacted]' });
  });

  it('SR-47: keeps a correlation id under its own name', () => {
    const id = createHash('md5').update('a request').digest('hex');
    expect(redactValue({ requestId: id, other: id })).toEqual({ requestId: id, other: '[redacted]' });
  });
});
