import { splitField } from './field.ts';
import type { SecretReference } from './secret-reference.ts';
import { SecretReferenceError } from './secret-reference-error.ts';

const PREFIX = 'azure-kv://';

/** Azure naming rules, Microsoft.KeyVault/vaults: 3 to 24 letters, digits and single dashes; here in lower case. */
const VAULT_NAME = /^(?=.{3,24}$)[a-z](?:-?[a-z0-9])*$/;

/** The same, vaults/secrets. */
const SECRET_NAME = /^[A-Za-z0-9-]{1,127}$/;

/**
 * Parses `azure-kv://vault/name` or, for a secret that is a JSON document, `azure-kv://vault/name#field`. It never
 * names a version: the current one is read, which is the newest.
 *
 * @throws {SecretReferenceError} for a missing name, or for names that Key Vault would not take.
 */
export function parseAzureReference(text: string): SecretReference<'azure-kv'> {
  if (!text.startsWith(PREFIX) || text === PREFIX) throw new SecretReferenceError('missing-name');
  const { document, field } = splitField(text.slice(PREFIX.length));
  const [vault = '', name, ...more] = document.split('/');
  if (name === undefined || name === '') throw new SecretReferenceError('missing-name');
  if (more.length > 0 || !VAULT_NAME.test(vault) || !SECRET_NAME.test(name))
    throw new SecretReferenceError('invalid-name');
  return { scheme: 'azure-kv', vault, name, ...(field === undefined ? {} : { field }) };
}
