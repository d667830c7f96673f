import { Buffer } from 'node:buffer';
import { maxTextBytes, redactedMark } from './limits.ts';

/** Written first, in this order; the rest of an error's own properties follow. */
const describedKeys: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'errors']);

/** Own properties of one error that are written. */
const maxProperties = 32;

/**
 * Properties in which database drivers repeat the values of the failing row or statement: PostgreSQL's `detail`
 * ("Failing row contains …"), `where` and `internalQuery`, and the parameters that query builders add.
 */
const valueBearingKeys: ReadonlySet<string> = new Set(['bindings', 'detail', 'internalQuery', 'parameters', 'where']);

/** Characters of a stack that are searched for frames, and frames that are written: V8 collects ten by default. */
const maxStackUnits = 16_384;
const maxFrames = 20;

const frame = /^\s{0,16}at /;

/** Whether a value is an error, of any realm or by its prototype; a proxy that refuses to tell is none. */
export function isError(value: object): value is Error {
  try {
    return Error.isError(value) || value instanceof Error;
  } catch {
    // Whoever logs it sees `[unreadable]` in its place.
    return false;
  }
}

/** Redacts one found value, given its key. */
export type VisitMember = (value: unknown, key: string) => unknown;

/**
 * An error as a record: type, message, stack frames, cause, aggregated errors and own properties, each through
 * `visit`. The stack loses the message that V8 puts on top of it, which is logged beside it and may hold line breaks
 * that imitate frames (SR-44). A property whose getter throws is left out.
 */
export function describeError(error: Error, visit: VisitMember): Record<string, unknown> {
  const record = Object.create(null) as Record<string, unknown>;
  const message = readProperty(error, 'message');
  record['type'] = visit(readProperty(error, 'name'), 'type');
  record['message'] = visit(message, 'message');
  record['stack'] = joinFrames(framesOf(readProperty(error, 'stack'), message).map((line) => visit(line, 'stack')));
  for (const key of ['cause', 'errors']) {
    if (Object.hasOwn(error, key)) record[key] = visit(readProperty(error, key), key);
  }
  for (const key of ownKeys(error)) record[key] = describeProperty(error, key, visit);
  return record;
}

function ownKeys(error: Error): string[] {
  return Object.keys(error)
    .filter((key) => !describedKeys.has(key) && /^[\w.-]{1,64}$/.test(key))
    .slice(0, maxProperties);
}

function describeProperty(error: Error, key: string, visit: VisitMember): unknown {
  const value = readProperty(error, key);
  return valueBearingKeys.has(key) && value !== undefined ? redactedMark : visit(value, key);
}

function readProperty(error: Error, key: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[key];
  } catch {
    // A throwing getter on an error that is being logged: the line says the rest.
    return undefined;
  }
}

function framesOf(stack: unknown, message: unknown): string[] {
  if (typeof stack !== 'string') return [];
  const lines = withoutMessage(stack, message).slice(0, maxStackUnits).split('\n');
  return lines.filter((line) => frame.test(line)).slice(0, maxFrames);
}

/** Whole frames, as many as one field may hold; the line breaks between them are the only ones that a field keeps. */
function joinFrames(frames: readonly unknown[]): string {
  let joined = '';
  for (const line of frames) {
    const next = joined === '' ? String(line) : `${joined}\n${String(line)}`;
    if (Buffer.byteLength(next) > maxTextBytes) break;
    joined = next;
  }
  return joined;
}

function withoutMessage(stack: string, message: unknown): string {
  if (typeof message !== 'string' || message === '') return stack;
  const start = stack.indexOf(message);
  return start < 0 ? stack : stack.slice(start + message.length);
}
