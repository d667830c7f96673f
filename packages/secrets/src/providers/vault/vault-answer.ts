import type { Buffer } from 'node:buffer';
import { VaultFault } from './vault-fault.ts';

/** An object of JSON that came from the server. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads the body of an answer: an object of JSON in UTF-8.
 *
 * @throws {VaultFault} `malformed-answer`; what the parser says would quote the body, and goes nowhere.
 */
export function parseAnswer(body: Buffer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new VaultFault('malformed-answer');
  }
  return asObject(value);
}

/** @throws {VaultFault} `malformed-answer` where the member is no object. */
export function objectIn(parent: JsonObject, name: string): JsonObject {
  return asObject(memberOf(parent, name));
}

/** @throws {VaultFault} `malformed-answer` where the member is no text, or an empty one. */
export function textIn(parent: JsonObject, name: string): string {
  const value = memberOf(parent, name);
  if (typeof value === 'string' && value !== '') return value;
  throw new VaultFault('malformed-answer');
}

/** @throws {VaultFault} `malformed-answer` where the member is no whole number from 0 on. */
export function wholeNumberIn(parent: JsonObject, name: string): number {
  const value = memberOf(parent, name);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new VaultFault('malformed-answer');
}

/** The member itself; undefined where there is none of the object's own. */
export function memberOf(parent: JsonObject, name: string): unknown {
  return Object.hasOwn(parent, name) ? parent[name] : undefined;
}

function asObject(value: unknown): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new VaultFault('malformed-answer');
}
