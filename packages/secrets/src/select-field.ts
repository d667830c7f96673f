import { fieldOf, formatReference } from './references/format-reference.ts';
import type { SecretReference } from './references/secret-reference.ts';
import { SecretError } from './secret-error.ts';

/**
 * The secret that a reference asks for in the text of its document: the text, or a field of the JSON object that it is.
 *
 * @throws {SecretError} `not-json`, `field-missing` or `empty`; a parser's message would quote the text, and goes nowhere.
 */
export function selectField(reference: SecretReference, text: string): string {
  const field = fieldOf(reference);
  const value = field === undefined ? text : ownField(parseObject(reference, text), field);
  if (typeof value !== 'string') throw new SecretError('field-missing', formatReference(reference));
  if (value.trim() === '') throw new SecretError('empty', formatReference(reference));
  return value;
}

function parseObject(reference: SecretReference, text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A parser's message quotes what it read.
    throw new SecretError('not-json', formatReference(reference));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new SecretError('not-json', formatReference(reference));
}

function ownField(document: object, field: string): unknown {
  return Object.hasOwn(document, field) ? (document as Record<string, unknown>)[field] : undefined;
}
