import { type TSchema, Type } from '@sinclair/typebox';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readerOf } from '../src/readers.ts';
import { originListSetting, secretReferenceSetting } from '../src/index.ts';

function read(schema: TSchema, text: string): unknown {
  const reading = readerOf(schema).read(text);
  return 'value' in reading ? reading.value : 'malformed';
}

describe('readerOf', () => {
  it('reads every integer that it prints, and no other spelling of a number', () => {
    const reads = fc.property(fc.maxSafeInteger(), (value) => read(Type.Integer(), String(value)) === value);
    expect(() => fc.assert(reads)).not.toThrow();
    const others = fc.property(fc.string({ unit: fc.constantFrom(...'0123456789+-.exabn_ '.split('')) }), (text) => {
      const value = read(Type.Integer(), text);
      return value === 'malformed' || String(value) === text;
    });
    expect(() => fc.assert(others)).not.toThrow();
  });

  it('reads a fraction in plain digits within its bounds, and no other spelling of it', () => {
    const ratio = Type.Number({ minimum: 0, maximum: 1 });
    expect(['0', '1', '0.1', '0.000001'].map((text) => read(ratio, text))).toEqual([0, 1, 0.1, 0.000_001]);
    const others = ['', '.5', '1.', '1e-1', '00.5', '+0.5', ' 0.5', '0,5', '-0.5', '1.01', 'NaN', '0.1234567'];
    expect(others.filter((text) => read(ratio, text) !== 'malformed')).toEqual([]);
  });

  it('reads every list that it could have written', () => {
    const item = fc
      .string({ unit: fc.constantFrom('a', '-', '.', ' ', 'é'), minLength: 1 })
      .filter((text) => text.trim() === text);
    const reads = fc.property(fc.array(item), (items) => {
      expect(read(Type.Array(Type.String()), items.join(' , '))).toEqual(items);
    });
    expect(() => fc.assert(reads)).not.toThrow();
  });

  it('passes on what a format advises', () => {
    expect(readerOf(secretReferenceSetting({ description: 'x' })).read('plain')).toEqual({
      advice: expect.stringContaining('a secret itself is never a setting') as unknown,
      id: 'RD-020',
    });
    expect(readerOf(originListSetting({ description: 'x' })).read('*')).toEqual({
      advice: expect.stringContaining('a wildcard is never accepted') as unknown,
      id: 'RD-008',
    });
  });
});
