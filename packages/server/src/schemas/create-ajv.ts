import { Ajv, type CodeOptions } from 'ajv';
import addFormats from 'ajv-formats';

import type { SchemaUse } from './used-schema.ts';

/**
 * Makes the compiler of what comes in. Nothing is stripped, and only texts are coerced (SR-16). One fault at a time
 * (`allErrors` off): listing all of them lets one body cost a hundred times its size.
 *
 * @param code - how functions are written; for a build, with their source.
 */
export function createAjv(use: Exclude<SchemaUse, 'answer'>, code: CodeOptions = {}): Ajv {
  const ajv = new Ajv({
    strict: true,
    removeAdditional: false,
    coerceTypes: use === 'text',
    useDefaults: true,
    allErrors: false,
    ownProperties: true,
    // Schemas are code of ours, and the compiler refuses a keyword it does not know or a value it cannot use; to hold
    // them against the schema of schemas first, twice, is a fifth of a start. So that schema is not read at all.
    validateSchema: false,
    meta: false,
    code,
  });
  addFormats.default(ajv);
  return ajv;
}
