import { isError } from './redaction/describe-error.ts';
import { redactValue, type LogRecord } from './redaction/redact-value.ts';

/** Names that the logger writes itself. The same name from a caller gets an underscore: no line holds a key twice. */
const ownNames: readonly string[] = ['level', 'time', 'service'];

/** Names that the request context writes; a child's binding of that name would stand beside it. */
const contextNames: readonly string[] = ['requestId', 'traceId', 'spanId', 'userId'];

/**
 * The arguments of a log call with every object redacted (SR-43). The first becomes the record to merge: an error
 * stands under `err`, anything that is not a plain record under `value`. Texts are redacted where they are written.
 */
export function redactArguments(given: readonly unknown[]): unknown[] {
  const [first, ...rest] = given;
  if (typeof first !== 'object' || first === null) return given.map(asArgument);
  const record = asRecord(first);
  renameKeys(record, rest.length === 0 ? ownNames : [...ownNames, 'msg']);
  return [record, ...rest.map(asArgument)];
}

/** A child's bindings, redacted; a plain object, for pino calls `hasOwnProperty` on it. */
export function redactBindings(bindings: object): LogRecord {
  const record = { ...asRecord(bindings) };
  renameKeys(record, [...ownNames, ...contextNames, 'msg']);
  return record;
}

/** Sets a field of the line; what the caller gave under the name is kept beside it. */
export function setField(record: LogRecord, name: string, value: unknown): void {
  renameKeys(record, [name]);
  record[name] = value;
}

function asRecord(value: object): LogRecord {
  const redacted = redactValue(value);
  if (isError(value)) return { err: redacted };
  return isRecord(redacted) ? redacted : { value: redacted };
}

function isRecord(value: unknown): value is LogRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Texts and numbers stay: they are redacted where the message is written, in what they have become part of. */
function asArgument(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  const redacted = redactValue(value);
  if (typeof redacted !== 'object' || redacted === null) return redacted;
  // For `%s` and `%d`: a record has no prototype, so that it could not be converted and the call would throw.
  return Object.defineProperty(redacted, Symbol.toPrimitive, { value: () => JSON.stringify(redacted) });
}

function renameKeys(record: LogRecord, names: readonly string[]): void {
  for (const name of names) {
    if (!Object.hasOwn(record, name)) continue;
    record[`${name}_`] = record[name];
    delete record[name];
  }
}
