import type { Ajv, ValidateFunction } from 'ajv';
import fastJsonStringify from 'fast-json-stringify';

import { createAjv } from './create-ajv.ts';
import { type PreparedSchemas, preparedSchemas, type Serialise } from './prepared-schemas.ts';
import { keyOf, type SchemaUse, type UsedSchema } from './used-schema.ts';

/**
 * Turns schemas into functions, each schema once: the problem document alone is in two answers of every route. What the
 * build prepared is taken from there, and the rest compiled.
 */
export class SchemaCompiler {
  readonly #prepared: PreparedSchemas;
  readonly #compiled: UsedSchema[] = [];
  readonly #serialisers = new Map<string, Serialise>();
  readonly #compilers = new Map<SchemaUse, Ajv>();

  constructor(prepared: PreparedSchemas = preparedSchemas) {
    this.#prepared = prepared;
  }

  /** What was not prepared and had to be compiled: everything where sources run, nothing in a bundle. */
  get compiled(): readonly UsedSchema[] {
    return this.#compiled;
  }

  /** The function that checks a value against a schema. */
  validator(use: Exclude<SchemaUse, 'answer'>, schema: object): ValidateFunction {
    const prepared = this.#prepared.validators.get(keyOf({ use, schema }));
    if (prepared !== undefined) return prepared;
    this.#compiled.push({ use, schema });
    return this.#ajv(use).compile(schema);
  }

  /** The function that writes a value as a schema has it. */
  serialiser(schema: object): Serialise {
    const key = keyOf({ use: 'answer', schema });
    const known = this.#prepared.serialisers.get(key) ?? this.#serialisers.get(key);
    if (known !== undefined) return known;
    this.#compiled.push({ use: 'answer', schema });
    const serialise = fastJsonStringify(schema);
    this.#serialisers.set(key, serialise);
    return serialise;
  }

  #ajv(use: Exclude<SchemaUse, 'answer'>): Ajv {
    const known = this.#compilers.get(use);
    if (known !== undefined) return known;
    const ajv = createAjv(use);
    this.#compilers.set(use, ajv);
    return ajv;
  }
}
