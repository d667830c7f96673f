import { type Buffer, isUtf8 } from 'node:buffer';

import { MAX_JSON_DEPTH, MAX_JSON_KEYS } from '../limits.ts';

/** Why a body was refused; `reason` is one of a fixed set and safe to show. */
export class InvalidJsonError extends Error {
  override readonly name = 'InvalidJsonError';
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Parses a JSON text (RFC 8259) and refuses what two parsers could read in two ways, or what would harm further down:
 * invalid UTF-8, duplicate keys, keys with a quote or a backslash, `__proto__` and `constructor.prototype`, lone
 * surrogates and NUL in strings, numbers beyond the range of a double, nesting over {@link MAX_JSON_DEPTH} and more than
 * {@link MAX_JSON_KEYS} keys (SR-18).
 *
 * Nothing is repaired: what comes back is what `JSON.parse` made of the text.
 *
 * @throws {InvalidJsonError} with a reason that names the rule, never the content.
 */
export function parseStrictJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new InvalidJsonError('must be UTF-8');
  const text = bytes.toString('utf8');
  const writtenKeys = scanStructure(text);
  const value = parse(text);
  // JSON.parse keeps the last of two equal keys; fewer keys read than written tells (RFC 8259, section 4).
  if (countKeys(value) !== writtenKeys) throw new InvalidJsonError('must not repeat a key');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, so it goes nowhere.
    throw new InvalidJsonError('must be well-formed JSON');
  }
}

/**
 * Counts the keys as written, and bounds depth and keys before the parser sees the text. A text that is not JSON may
 * be counted wrongly here: the parser refuses it afterwards.
 */
function scanStructure(text: string): number {
  let depth = 0;
  let keys = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = endOfString(text, index);
        break;
      case COLON:
        keys += 1;
        if (keys > MAX_JSON_KEYS) throw new InvalidJsonError(`must not hold more than ${MAX_JSON_KEYS} keys`);
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth += 1;
        if (depth > MAX_JSON_DEPTH) throw new InvalidJsonError(`must not nest deeper than ${MAX_JSON_DEPTH}`);
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth -= 1;
        break;
      default:
    }
  }
  return keys;
}

/**
 * The index of the quote that ends the string which starts at `start`, or the end of the text. Long strings are most of a
 * large body: the next quote is looked for by the engine, and only what stands before it is read.
 */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

/** Whether an odd number of backslashes stands before it. Each is read once, for a quote stands between two runs of them. */
function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (index - first) % 2 === 1;
}

/** Counts the keys of a parsed value at all levels, and refuses values that must not go further. */
function countKeys(value: unknown): number {
  if (typeof value === 'string') return assertPlainText(value);
  if (typeof value === 'number') return assertFinite(value);
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return countArrayKeys(value);
  return countObjectKeys(value as Record<string, unknown>);
}

function countArrayKeys(values: readonly unknown[]): number {
  let keys = 0;
  for (const value of values) keys += countKeys(value);
  return keys;
}

function countObjectKeys(object: Readonly<Record<string, unknown>>): number {
  let keys = 0;
  for (const key of Object.keys(object)) {
    assertPlainText(key);
    assertPlainKey(key);
    const value = object[key];
    assertNoPrototypeKey(key, value);
    keys += 1 + countKeys(value);
  }
  return keys;
}

function assertPlainText(text: string): 0 {
  if (!text.isWellFormed()) throw new InvalidJsonError('must not hold lone surrogates');
  // PostgreSQL's text cannot hold NUL, and C libraries end strings at it.
  if (text.includes('\0')) throw new InvalidJsonError('must not hold NUL');
  return 0;
}

/**
 * Node 26.10 can read the key `"\""` as `\` when it has read an object with the key `\` before (V8 compares the raw text
 * with the key that it expects). A repeated key could hide behind that, so a key with a quote or a backslash is refused.
 */
function assertPlainKey(key: string): void {
  if (key.includes('"') || key.includes('\\'))
    throw new InvalidJsonError('must not hold a key with a quote or a backslash');
}

function assertFinite(number: number): 0 {
  if (!Number.isFinite(number)) throw new InvalidJsonError('must not hold numbers beyond the range of a double');
  return 0;
}

function assertNoPrototypeKey(key: string, value: unknown): void {
  if (key === '__proto__') throw new InvalidJsonError('must not hold the key __proto__');
  if (key !== 'constructor' || typeof value !== 'object' || value === null) return;
  if (Object.hasOwn(value, 'prototype')) throw new InvalidJsonError('must not hold the key constructor.prototype');
}
