import type { ErrorObject, ValidateFunction } from 'ajv';
import type { FastifyInstance } from 'fastify';

import { AppError, type FieldFault } from '../errors/app-error.ts';
import type { SchemaCompiler } from '../schemas/schema-compiler.ts';

/** Names that a client sent are shown in a pointer only when they look like names. */
const PLAIN_NAME = /^[\w.-]{1,64}$/;

/** Longest pointer in an answer; the schema of the problem document says the same. */
const MAX_POINTER_LENGTH = 256;

type Validation = { value: unknown } | { error: Error };

/**
 * Installs step 8. Nothing is stripped and nothing is coerced (SR-16): a body is taken as it came or refused. Texts of
 * a query or a path become numbers only in their canonical form, so that `0x10`, `1e1` and `010` are refused.
 */
export function installValidator(app: FastifyInstance, schemas: SchemaCompiler): void {
  app.setValidatorCompiler<object>(({ schema, httpPart }) =>
    httpPart === 'body'
      ? createCheck(schemas.validator('body', schema))
      : createTextCheck(schemas.validator('text', schema)),
  );
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
    case 'enum':
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
