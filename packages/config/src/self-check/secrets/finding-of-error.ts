import type { SecretErrorCode, SecretReferenceErrorCode } from '@redoubt/secrets';
import type { FindingId } from '../finding.ts';

/** The number of every fault that a reference can have. */
const findingsOfReferences: Readonly<Record<SecretReferenceErrorCode, FindingId>> = {
  'not-a-reference': 'RD-020',
  'unknown-scheme': 'RD-021',
  'missing-path': 'RD-022',
  'missing-name': 'RD-022',
  'missing-field': 'RD-023',
  'invalid-field': 'RD-023',
  'too-long': 'RD-024',
  'relative-path': 'RD-024',
  'host-not-allowed': 'RD-024',
  'query-or-fragment': 'RD-024',
  'not-canonical': 'RD-024',
  'control-character': 'RD-024',
  'invalid-name': 'RD-024',
};

/** The number of every reason why a secret cannot be had. */
const findingsOfSecrets: Readonly<Record<SecretErrorCode, FindingId>> = {
  'not-found': 'RD-025',
  unreadable: 'RD-026',
  'not-a-file': 'RD-027',
  'symlink-loop': 'RD-028',
  'open-to-others': 'RD-029',
  empty: 'RD-030',
  'too-large': 'RD-031',
  'not-text': 'RD-032',
  'not-json': 'RD-033',
  'field-missing': 'RD-034',
  'refused-in-production': 'RD-035',
  'not-configured': 'RD-036',
  'sign-in-failed': 'RD-037',
  'access-denied': 'RD-038',
  throttled: 'RD-039',
  timeout: 'RD-039',
  unavailable: 'RD-039',
  'malformed-answer': 'RD-039',
};

/** The number of a text that is no secret reference. */
export function findingOfReference(code: SecretReferenceErrorCode): FindingId {
  return findingsOfReferences[code];
}

/** The number of a secret that cannot be had. */
export function findingOfSecret(code: SecretErrorCode): FindingId {
  return findingsOfSecrets[code];
}
