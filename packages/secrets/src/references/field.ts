import { SecretReferenceError } from './secret-reference-error.ts';

/** A key of a JSON document as people write them; no key of a prototype is reached by it, for only own ones count. */
const FIELD = /^[A-Za-z0-9_.-]{1,128}$/;

/** What stands before a `#` and what stands after it. */
export interface FieldSplit {
  readonly document: string;
  /** Absent: the document as a whole is the secret. */
  readonly field?: string;
}

/**
 * Splits `document#field`.
 *
 * @throws {SecretReferenceError} for an empty field, a second `#`, or a query, which no reference has.
 */
export function splitField(text: string): FieldSplit {
  const [document = '', ...fields] = text.split('#');
  if (document.includes('?')) throw new SecretReferenceError('query-or-fragment');
  const [field, ...more] = fields;
  if (field === undefined) return { document };
  if (more.length > 0 || !FIELD.test(field)) throw new SecretReferenceError('invalid-field');
  return { document, field };
}
