import type { ValidateFunction } from 'ajv';

/** Writes an answer as its schema has it. */
export type Serialise = (value: unknown) => string;

/** The functions of schemas, by what {@link keyOf} names them. */
export interface PreparedSchemas {
  readonly validators: ReadonlyMap<string, ValidateFunction>;
  readonly serialisers: ReadonlyMap<string, Serialise>;
}

/**
 * Empty where sources run. In a bundle stands in its place what the build wrote: the functions of all schemas of the
 * service, which a start would otherwise compile (docs/decisions/020-image.md).
 */
export const preparedSchemas: PreparedSchemas = { validators: new Map(), serialisers: new Map() };
