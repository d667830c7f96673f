import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';

import { findOpenSchemas } from '../../src/route/schema-rules.ts';

const closed = { additionalProperties: false };
const name = Type.String({ maxLength: 10 });

const open = {
  'an open object': [Type.Object({ name }), 'body', 'is an open object'],
  'an open object further down': [
    Type.Object({ inner: Type.Object({ name }) }, closed),
    'body.inner',
    'is an open object',
  ],
  'an unbounded string': [Type.Object({ name: Type.String() }, closed), 'body.name', 'is an unbounded string'],
  'a string with a format of any length': [
    Type.Object({ name: Type.String({ format: 'email' }) }, closed),
    'body.name',
    'is an unbounded string',
  ],
  'a string with a pattern of any length': [
    Type.Object({ name: Type.String({ pattern: '^a+$' }) }, closed),
    'body.name',
    'is an unbounded string',
  ],
  'an unbounded array': [Type.Object({ names: Type.Array(name) }, closed), 'body.names', 'is an unbounded array'],
  'an unbounded item': [Type.Array(Type.String(), { maxItems: 2 }), 'body[]', 'is an unbounded string'],
  'a number without a maximum': [
    Type.Object({ age: Type.Integer({ minimum: 0 }) }, closed),
    'body.age',
    'is an unbounded number',
  ],
  'a number without a minimum': [
    Type.Object({ age: Type.Number({ maximum: 1 }) }, closed),
    'body.age',
    'is an unbounded number',
  ],
  'an open member of a union': [Type.Union([Type.Null(), Type.String()]), 'body.anyOf[1]', 'is an unbounded string'],
  'a record without a bound': [Type.Record(Type.String(), name, closed), 'body', 'is a record without a bound'],
  'a schema that accepts anything': [Type.Object({ any: Type.Unknown() }, closed), 'body.any', 'accepts anything'],
  'an intersection': [
    Type.Intersect([Type.Object({ name }, closed), Type.Object({ name }, closed)]),
    'body',
    'is an intersection, which cannot be closed',
  ],
  'something that is no schema': [true, 'body', 'is not a schema'],
} as const;

describe('findOpenSchemas', () => {
  for (const [what, [schema, path, rule]] of Object.entries(open)) {
    it(`SR-16: finds ${what}, says where, and what to write`, () => {
      expect(findOpenSchemas(schema, 'body')).toContainEqual({ path, rule, fix: expect.any(String) as string });
    });
  }

  it('SR-16: finds every fault, not only the first', () => {
    expect(findOpenSchemas(Type.Object({ a: Type.String(), b: Type.Array(Type.Number()) }), 'body')).toHaveLength(4);
  });

  it('lets a closed schema pass', () => {
    const schema = Type.Object(
      {
        id: Type.String({ format: 'uuid' }),
        at: Type.String({ format: 'date-time' }),
        name,
        tags: Type.Array(name, { maxItems: 5 }),
        role: Type.Union([Type.Literal('user'), Type.Literal('admin')]),
        age: Type.Optional(Type.Integer({ minimum: 18, maximum: 120 })),
        share: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
        active: Type.Boolean(),
        labels: Type.Record(name, name, { ...closed, maxProperties: 4 }),
        nothing: Type.Null(),
      },
      closed,
    );
    expect(findOpenSchemas(schema, 'body')).toEqual([]);
  });
});
