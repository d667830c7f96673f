import { type SchemaOptions, type TUnsafe, Type } from '@sinclair/typebox';

/**
 * The schema of a text that is one of a few. A union of literals takes the same texts; but a serialiser asks a validator
 * which member of a union it has before it, for every answer, and that validator is one more to be made at each start.
 */
export function StringEnum<const Choice extends string>(
  choices: readonly Choice[],
  options: SchemaOptions = {},
): TUnsafe<Choice> {
  return Type.Unsafe<Choice>({ ...options, type: 'string', enum: [...choices] });
}
