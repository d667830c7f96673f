import type { SecretReference } from './secret-reference.ts';
import { SecretReferenceError } from './secret-reference-error.ts';

/** A portable variable name (POSIX, Base Definitions, 8.1); nobody's name is longer than 128 characters. */
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

const PREFIX = 'env://';

/**
 * Parses `env://NAME`.
 *
 * @throws {SecretReferenceError} for a missing name, or for one that is not portable.
 */
export function parseEnvironmentReference(text: string): SecretReference<'env'> {
  if (!text.startsWith(PREFIX) || text === PREFIX) throw new SecretReferenceError('missing-name');
  if (/[?#]/.test(text)) throw new SecretReferenceError('query-or-fragment');
  const name = text.slice(PREFIX.length);
  if (!VARIABLE_NAME.test(name)) throw new SecretReferenceError('invalid-name');
  return { scheme: 'env', name };
}
