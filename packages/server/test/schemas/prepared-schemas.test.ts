import { createRequire } from 'node:module';

import { Type } from '@sinclair/typebox';
import { assert, constantFrom, jsonValue, property } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type PreparedSchemas } from '../../src/schemas/prepared-schemas.ts';
import { SchemaCompiler } from '../../src/schemas/schema-compiler.ts';
import { keyOf, type UsedSchema } from '../../src/schemas/used-schema.ts';
import { writePreparedSchemas } from '../../src/schemas/write-prepared-schemas.ts';
import { StringEnum } from '../../src/route/string-enum.ts';

const NOTHING: PreparedSchemas = { validators: new Map(), serialisers: new Map() };

/** Every keyword that the routes of a service use, and the formats that refer to a module of their own. */
const Item = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    at: Type.String({ format: 'date-time' }),
    name: Type.String({ minLength: 2, maxLength: 8, pattern: '^[a-z]*$' }),
    count: Type.Optional(Type.Integer({ minimum: 0, maximum: 10, default: 3 })),
    state: StringEnum(['open', 'closed']),
    either: Type.Union([Type.Literal('all'), Type.Integer({ minimum: 1, maximum: 5 })]),
    tags: Type.Array(Type.String({ maxLength: 4 }), { maxItems: 2 }),
  },
  { additionalProperties: false },
);
const Query = Type.Object(
  { limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }) },
  { additionalProperties: false },
);

const schemas: readonly UsedSchema[] = [
  { use: 'body', schema: Item },
  { use: 'text', schema: Query },
  { use: 'answer', schema: Item },
];

const item = {
  id: '0190b5c8-7e1f-7c3a-9a1b-2f6d3c4e5a6b',
  at: '2026-11-26T10:00:00Z',
  name: 'abc',
  state: 'open',
  either: 4,
  tags: ['a'],
};

/** Runs the text as a bundle would: a module that finds what the compilers' functions lean on. */
function load(text: string): PreparedSchemas {
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- the text is what this test just had written, and a bundle runs it as well
  const run = new Function('require', text.replace('export const preparedSchemas =', 'return')) as (
    require: NodeJS.Require,
  ) => PreparedSchemas;
  return run(createRequire(import.meta.url));
}

const prepared = new SchemaCompiler(load(writePreparedSchemas(schemas)));

/** What both compilers say of a value, with the faults that they name and what they made of it. */
function verdicts(use: 'body' | 'text', schema: object, value: unknown): unknown[] {
  const compilers = [new SchemaCompiler(NOTHING), prepared];
  return compilers.map((compiler) => {
    const validate = compiler.validator(use, schema);
    const copy: unknown = structuredClone(value);
    return { valid: validate(copy), errors: validate.errors, copy };
  });
}

describe('schemas that a build prepared', () => {
  it('SR-16: are found, so that a start compiles none of them', () => {
    const compiler = new SchemaCompiler(load(writePreparedSchemas(schemas)));
    compiler.validator('body', structuredClone(Item));
    compiler.validator('text', structuredClone(Query));
    compiler.serialiser(structuredClone(Item));
    expect(compiler.compiled).toEqual([]);
  });

  it('SR-16: refuse what a compiled schema refuses, with the same faults', () => {
    const faulty = Object.keys(item).flatMap((field) => [
      { ...item, [field]: undefined },
      { ...item, [field]: 7 },
      { ...item, [field]: 'x'.repeat(20) },
      { ...item, [field]: [] },
    ]);
    const all = [item, { ...item, extra: 1 }, { ...item, count: 11 }, null, [], 'text', ...faulty];
    for (const value of all) {
      const [compiled, ready] = verdicts('body', Item, value);
      expect(ready).toEqual(compiled);
    }
    const taken = { valid: true, errors: null, copy: { ...item, count: 3 } };
    expect(verdicts('body', Item, item)).toEqual([taken, taken]);
  });

  it('SR-16: refuse any value alike', () => {
    assert(
      property(jsonValue(), constantFrom(...Object.keys(item)), (value, field) => {
        const [compiled, ready] = verdicts('body', Item, { ...item, [field]: value });
        expect(ready).toEqual(compiled);
      }),
    );
  });

  it.each(['5', '0', '101', '1e1', ' 5', '', 'x'])('SR-16: read the text %j alike', (limit) => {
    const [compiled, ready] = verdicts('text', Query, { limit });
    expect(ready).toEqual(compiled);
  });

  it('SR-17: write what a compiled schema writes, and no other field', () => {
    const row = { ...item, password: 'not to be sent' };
    const text = prepared.serialiser(Item)(row);
    expect(text).toBe(new SchemaCompiler(NOTHING).serialiser(Item)(row));
    expect(JSON.parse(text)).toEqual({ ...item, count: 3 });
  });

  it('SR-16: are not found for a schema that differs in anything, nor for another use', () => {
    const compiler = new SchemaCompiler(load(writePreparedSchemas(schemas)));
    const longer = { ...structuredClone(Query), maxProperties: 2 };
    compiler.validator('text', longer);
    compiler.validator('body', Query);
    expect(compiler.compiled).toEqual([
      { use: 'text', schema: longer },
      { use: 'body', schema: Query },
    ]);
    expect(keyOf({ use: 'body', schema: Query })).not.toBe(keyOf({ use: 'text', schema: Query }));
  });

  it('are written alike, whatever the order and however often a schema is used', () => {
    const text = writePreparedSchemas(schemas);
    expect(writePreparedSchemas([...schemas, ...schemas].toReversed())).toBe(text);
  });
});

describe('the compiler of schemas', () => {
  it('makes one serialiser of a schema that many routes answer with', () => {
    const compiler = new SchemaCompiler(NOTHING);
    expect(compiler.serialiser(Item)).toBe(compiler.serialiser(structuredClone(Item)));
    expect(compiler.compiled).toHaveLength(1);
  });
});
