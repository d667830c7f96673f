import standaloneCode from 'ajv/dist/standalone/index.js';
import fastJsonStringify from 'fast-json-stringify';

import { createAjv } from './create-ajv.ts';
import { keyOf, type UsedSchema } from './used-schema.ts';

/**
 * Writes the module that stands in a bundle in the place of `prepared-schemas.ts`: the functions of these schemas, made
 * by the compilers and with the options of a start. The same schemas give the same text.
 */
export function writePreparedSchemas(schemas: readonly UsedSchema[]): string {
  const unique = new Map(schemas.map((used) => [keyOf(used), used]));
  const keys = [...unique.keys()].toSorted();
  const entries = (wanted: (used: UsedSchema) => boolean): string =>
    keys
      .map((key) => [key, unique.get(key)] as const)
      .flatMap(([key, used]) =>
        used !== undefined && wanted(used) ? [`[${JSON.stringify(key)}, ${asExpression(writeFunction(used))}]`] : [],
      )
      .join(',\n');
  return `export const preparedSchemas = {
validators: new Map([${entries(({ use }) => use !== 'answer')}]),
serialisers: new Map([${entries(({ use }) => use === 'answer')}]),
};\n`;
}

/** The text of a CommonJS module whose export is the function. */
function writeFunction({ use, schema }: UsedSchema): string {
  // Validators inside of a serialiser, for unions, are written out as well: they would be compiled at the first answer.
  // A schema without a name is given one from a counter, and the text would depend on what was compiled before.
  if (use === 'answer')
    return fastJsonStringify({ ...schema, $id: use }, { mode: 'standalone', inlineValidators: true });
  const ajv = createAjv(use, { source: true });
  return standaloneCode.default(ajv, ajv.compile(schema));
}

/** A bundler finds the `require` calls in it, and puts the modules of the two compilers in their place. */
function asExpression(commonJs: string): string {
  return `((module) => {\n${commonJs}\nreturn module.exports;\n})({ exports: {} })`;
}
