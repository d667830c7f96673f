import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';

import { AppError, type FieldFault } from '../errors/app-error.ts';

/** Names that a client sent are shown in a pointer only when they look like names. */
const PLAIN_NAME = /^[\w.-]{1,64}$/;

/** Longest pointer in an answer; the schema of the problem document says the same. */
const MAX_POINTER_LENGTH = 256;

type Validation = { value: unknown } | { error: Error };

/**
 * Installs step 8. Nothing is stripped and nothing is coerced (SR-16): a body is taken as it came or refused. Texts of
 * a query or a path become numbers only in their canonical form, so that `0x10`, `1e1` and `010` are refused.
 */
export function installValidator(app: FastifyInstance): void {
  const bodies = createAjv(false);
  const texts = createAjv(true);
  app.setValidatorCompiler(({ schema, httpPart }) => {
    if (httpPart === 'body') return createCheck(bodies.compile(schema as object));
    return createTextCheck(texts.compile(schema as object));
  });
}

/** One fault at a time (`allErrors` off): listing all of them lets one body cost a hundred times its size. */
function createAjv(coerceTypes: boolean): Ajv {
  const ajv = new Ajv({
    strict: true,
    removeAdditional: false,
    coerceTypes,
    useDefaults: true,
    allErrors: false,
    ownProperties: true,
    // Schemas are code of ours, and the compiler refuses a keyword it does not know or a value it cannot use; to hold
    // them against the schema of schemas first, twice, is a fifth of a start.
    validateSchema: false,
  });
  addFormats.default(ajv);
  return ajv;
}

function createCheck(validate: ValidateFunction): (value: unknown) => Validation {
  return (value) => (validate(value) ? { value } : { error: refuse(validate.errors ?? []) });
}

function createTextCheck(validate: ValidateFunction): (value: unknown) => Validation {
  return (value) => {
    const texts = { ...(value as Record<string, unknown>) };
    const broken = Object.keys(texts).find((name) => !isPlainText(texts[name]));
    if (broken !== undefined) return { error: refuseText(broken) };
    if (!validate(value)) return { error: refuse(validate.errors ?? []) };
    const changed = Object.keys(texts).find(
      (name) => String((value as Record<string, unknown>)[name]) !== String(texts[name]),
    );
    return changed === undefined ? { value } : { error: refuseText(changed) };
  };
}

function isPlainText(value: unknown): boolean {
  return typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0'));
}

function refuseText(name: string): AppError {
  return new AppError('invalid-request', {
    faults: [{ pointer: pointerTo('', name), message: 'must be in canonical form' }],
    suspicion: 'invalid-input',
  });
}

function refuse(errors: readonly ErrorObject[]): AppError {
  // A choice reports each of its members before itself: the choice says it all.
  const choice = errors.findLast(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  return new AppError('invalid-request', {
    faults: choice === undefined ? errors.map(describe) : [describe(choice)],
    suspicion: errors.some(({ keyword }) => keyword === 'additionalProperties') ? 'extraneous' : 'invalid-input',
  });
}

/** Says where and what was expected. Ajv's messages hold the schema's values, never the client's. */
function describe({ instancePath, keyword, params, message }: ErrorObject): FieldFault {
  switch (keyword) {
    case 'additionalProperties':
      return {
        pointer: pointerTo(shown(instancePath), String(params['additionalProperty'])),
        message: 'is not a known field',
      };
    case 'required':
      return { pointer: pointerTo(shown(instancePath), String(params['missingProperty'])), message: 'is required' };
    case 'anyOf':
    case 'oneOf':
      return { pointer: shown(instancePath), message: 'must be one of what is allowed here' };
    default:
      return { pointer: shown(instancePath), message: message ?? 'is not valid' };
  }
}

/** The path as far as its names look like names: keys of a record are the client's text. */
function shown(instancePath: string): string {
  const segments = instancePath.split('/').slice(1);
  const foreign = segments.findIndex((segment) => !PLAIN_NAME.test(segment));
  const known = foreign === -1 ? segments : segments.slice(0, foreign);
  return known
    .map((segment) => `/${segment}`)
    .join('')
    .slice(0, MAX_POINTER_LENGTH);
}

function pointerTo(parent: string, name: string): string {
  return (PLAIN_NAME.test(name) ? `${parent}/${name}` : parent).slice(0, MAX_POINTER_LENGTH);
}
