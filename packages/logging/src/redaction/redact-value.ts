import { types } from 'node:util';
import { describeError, isError } from './describe-error.ts';
import { cutMark, maxDepth, maxItems, maxKeys, redactedMark } from './limits.ts';
import { LineBudget } from './line-budget.ts';
import { redactText } from './redact-text.ts';
import { isCardNumber } from './card-numbers.ts';
import { isCorrelationId, isSensitiveKey } from './sensitive-keys.ts';

/**
 * One of a series, such as a migration: `0006-one-time-tokens`. No header, parameter or option is called so; fewer digits
 * stay suspicious (`2fa-token`, `1_password`).
 */
const numbered = /^\d{3,}-/;

/** A plain record as it is written: its prototype is null, because its keys may come from outside. */
export type LogRecord = Record<string, unknown>;

/**
 * A copy of any value that may be written to a log (SR-43, SR-44): plain records, arrays and primitives, with
 * `[redacted]` under every key that names a secret and every text passed through `redactText`. Errors become records
 * with their causes; binary data becomes its length; cycles, unreadable properties and what exceeds a limit become a
 * mark. Never throws, never changes the value, and calls none of its methods but getters and `toJSON`.
 */
export function redactValue(value: unknown): unknown {
  return new ValueWalk().visit(value, 0);
}

/** One walk over what one line logs: holds the line's budget and the objects on the way down. */
class ValueWalk {
  readonly #budget = new LineBudget();
  readonly #ancestors = new Set<object>();

  /** The writable form of a value found at a depth. */
  visit(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        return this.#text(value);
      case 'number':
        return Number.isSafeInteger(value) && isCardNumber(String(value)) ? redactedMark : value;
      case 'bigint':
      case 'symbol':
        return this.#text(String(value));
      case 'function':
        return '[function]';
      case 'object':
        return value === null ? null : this.#object(value, depth);
      default:
        return value;
    }
  }

  #text(text: string): string {
    return this.#budget.takeText(redactText(text));
  }

  #object(value: object, depth: number): unknown {
    if (this.#ancestors.has(value)) return '[circular]';
    if (depth >= maxDepth || !this.#budget.takeObject()) return cutMark;

    this.#ancestors.add(value);
    try {
      return this.#describe(value, depth + 1);
    } catch {
      // A proxy's trap, a throwing toJSON: the reader of the line sees the mark in its place.
      return '[unreadable]';
    } finally {
      this.#ancestors.delete(value);
    }
  }

  #describe(value: object, depth: number): unknown {
    if (Array.isArray(value)) return this.#list(value, value.length, depth);
    if (isError(value)) {
      return describeError(value, (found, key) => this.#member(key, found, depth));
    }
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return `[binary ${value.byteLength} bytes]`;
    if (types.isMap(value)) return this.#entries(value, value.size, depth);
    if (types.isSet(value)) return this.#list(value, value.size, depth);
    if (isHeaders(value)) return this.#entries(value, [...value.keys()].length, depth);
    if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof URLSearchParams) return this.#text(`?${value.toString()}`);
    if (value instanceof URL || types.isRegExp(value)) return this.#text(String(value));
    if (types.isBoxedPrimitive(value)) return this.visit(value.valueOf(), depth);
    if (hasToJson(value)) return this.visit(value.toJSON(), depth);
    return this.#record(value, depth);
  }

  #record(value: object, depth: number): LogRecord {
    const keys = Object.keys(value);
    const record = createRecord();
    for (const key of keys.slice(0, maxKeys)) record[this.#key(key)] = this.#property(value, key, depth);
    if (keys.length > maxKeys) record[cutMark] = `${keys.length - maxKeys} more`;
    return withoutNamedSecret(record);
  }

  #property(value: object, key: string, depth: number): unknown {
    if (isSensitiveKey(key)) return redactedMark;
    try {
      return this.#member(key, (value as LogRecord)[key], depth);
    } catch {
      // A throwing getter: the reader of the line sees the mark in its place.
      return '[unreadable]';
    }
  }

  #member(key: string, value: unknown, depth: number): unknown {
    if (isSensitiveKey(key)) return redactedMark;
    return isCorrelationId(key, value) ? value : this.visit(value, depth);
  }

  #entries(entries: Iterable<readonly [unknown, unknown]>, size: number, depth: number): LogRecord {
    const record = createRecord();
    let written = 0;
    for (const [key, value] of entries) {
      if (written === maxKeys) break;
      const name = typeof key === 'string' ? key : `[${typeof key}]`;
      record[this.#key(name)] = this.#member(name, value, depth);
      written += 1;
    }
    if (size > written) record[cutMark] = `${size - written} more`;
    return record;
  }

  /**
   * In lists of names and values (`rawHeaders`, the entries of a record) the item after a secret's name is its value.
   * What is numbered is no such name, and what follows it no value of it.
   */
  #list(items: Iterable<unknown>, size: number, depth: number): unknown[] {
    const list: unknown[] = [];
    let previous: unknown;
    for (const item of items) {
      if (list.length === maxItems) break;
      list.push(announcesSecret(previous) && item !== undefined ? redactedMark : (this.visit(item, depth) ?? null));
      previous = item;
    }
    if (size > list.length) list.push(`${cutMark} ${size - list.length} more`);
    return list;
  }

  #key(key: string): string {
    return this.#budget.takeText(redactText(key));
  }
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** Asks for the tag first: the mere name `Headers` makes Node load its HTTP client, 15 ms of the first line of a log. */
function isHeaders(value: object): value is Headers {
  return Symbol.toStringTag in value && value instanceof Headers;
}

function createRecord(): LogRecord {
  return Object.create(null) as LogRecord;
}

function namesSecret(value: unknown): value is string {
  return typeof value === 'string' && isSensitiveKey(value);
}

function announcesSecret(item: unknown): boolean {
  return namesSecret(item) && !numbered.test(item);
}

/** `{ name: 'password', value: … }`, as forms and header lists are described: the value goes. */
function withoutNamedSecret(record: LogRecord): LogRecord {
  if ('value' in record && (namesSecret(record['name']) || namesSecret(record['key']))) record['value'] = redactedMark;
  return record;
}
