import { splitField } from './field.ts';
import type { SecretReference } from './secret-reference.ts';
import { SecretReferenceError } from './secret-reference-error.ts';

const PREFIX = 'aws-sm://';

/** AWS Secrets Manager, API reference, CreateSecret: 1 to 512 of these characters. */
const NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;

/** The same secret by its ARN, as another account's secret has to be named. */
const ARN = /^arn:aws[a-z-]{0,16}:secretsmanager:[a-z0-9-]{1,32}:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,519}$/;

/**
 * Parses `aws-sm://name` or `aws-sm://name#field`; the name may be an ARN. It never names a version or a stage: which
 * one is current is what a rotation changes.
 *
 * @throws {SecretReferenceError} for a missing name, or one that Secrets Manager would not take.
 */
export function parseAwsReference(text: string): SecretReference<'aws-sm'> {
  if (!text.startsWith(PREFIX) || text === PREFIX) throw new SecretReferenceError('missing-name');
  const { document, field } = splitField(text.slice(PREFIX.length));
  if (!NAME.test(document) && !ARN.test(document)) throw new SecretReferenceError('invalid-name');
  return { scheme: 'aws-sm', id: document, ...(field === undefined ? {} : { field }) };
}
