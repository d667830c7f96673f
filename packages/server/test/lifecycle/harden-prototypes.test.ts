import { join } from 'node:path';

import { startChild } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';

describe('hardened prototypes', () => {
  it('SR-19: nothing pollutes all objects, and ordinary code goes on', async () => {
    const child = startChild(join(import.meta.dirname, 'fixtures', 'hardened.ts'), {});
    expect(await child.exited).toBe(0);
    expect(JSON.parse(child.output())).toEqual({
      '__proto__ is gone': false,
      'a merge of parsed JSON': undefined,
      'a new property of all objects': 'TypeError',
      'a property of all objects through constructor': 'TypeError',
      'another toString for all objects': 'TypeError',
      'a deleted toString': false,
      'a redefined toString': false,
      'another prototype': false,
      'the text of an object': '[object Object]',
      'an own toString by assignment': 'own',
      'an own constructor by assignment': true,
      'what is enumerated': 'toString',
      'what JSON shows': '{"valueOf":1}',
      hasOwnProperty: true,
      'a class with its own toString': 'class',
      'is it frozen': true,
    });
  });
});
