import { fileURLToPath } from 'node:url';
import type { SecretReference } from './secret-reference.ts';
import { type SecretReferenceErrorCode, SecretReferenceError } from './secret-reference-error.ts';

/** C0, DEL and C1, plain or percent-encoded: a path that carries one is an attack on a log or a terminal. */
// oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]|%(?:[01][0-9a-f]|7f|c2%[89][0-9a-f])/i;

/**
 * Parses a `file:` URI (RFC 8089) of an absolute path on this machine.
 *
 * @throws {SecretReferenceError} for a missing or relative path, a host, a query, a fragment, or another spelling than
 *   the canonical one.
 */
export function parseFileReference(text: string): SecretReference<'file'> {
  const fault = findFault(text);
  if (fault !== undefined) throw new SecretReferenceError(fault);
  try {
    return { scheme: 'file', path: fileURLToPath(text) };
  } catch {
    // An encoded slash, an encoding that is not UTF-8, or no drive letter on Windows; the cause would repeat the text.
    throw new SecretReferenceError('not-canonical');
  }
}

function findFault(text: string): SecretReferenceErrorCode | undefined {
  if (CONTROL_CHARACTER.test(text)) return 'control-character';
  if (/[?#]/.test(text)) return 'query-or-fragment';
  if (/^file:\/{0,3}$/.test(text)) return 'missing-path';
  if (/^file:\/\/[^/]/.test(text)) return 'host-not-allowed';
  if (!text.startsWith('file:///')) return 'relative-path';
  return isCanonical(text) ? undefined : 'not-canonical';
}

/** The URL parser resolves dot segments and encodes what needs it: what it would change is not canonical. */
function isCanonical(text: string): boolean {
  const hasEmptySegment = text.includes('//', 'file://'.length) || text.endsWith('/');
  return !hasEmptySegment && URL.parse(text)?.href === text;
}
