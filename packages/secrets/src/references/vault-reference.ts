import { splitField } from './field.ts';
import type { SecretReference } from './secret-reference.ts';
import { SecretReferenceError } from './secret-reference-error.ts';

const PREFIX = 'vault://';

/** A segment that needs no encoding in a request, and is no dot segment, which a client or a proxy would resolve. */
const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,128}$/;

/** Segments at most, the mount's among them. */
const MAX_SEGMENTS = 32;

/**
 * Parses `vault://mount/path#field`: a field of a KV secret, or of credentials that a secrets engine makes
 * (`vault://database/creds/role#username`). Where the mount ends and the path begins, the server knows.
 *
 * @throws {SecretReferenceError} for a missing field, a path without a mount, or a segment that needs encoding.
 */
export function parseVaultReference(text: string): SecretReference<'vault'> {
  if (!text.startsWith(PREFIX) || text === PREFIX) throw new SecretReferenceError('missing-name');
  const { document, field } = splitField(text.slice(PREFIX.length));
  const segments = document.split('/');
  if (segments.length > MAX_SEGMENTS || !segments.every((segment) => SEGMENT.test(segment)))
    throw new SecretReferenceError('invalid-name');
  if (segments.length < 2 || field === undefined) throw new SecretReferenceError('missing-field');
  return { scheme: 'vault', path: document, field };
}
