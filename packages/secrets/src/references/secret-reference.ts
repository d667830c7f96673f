import { parseAwsReference } from './aws-reference.ts';
import { parseAzureReference } from './azure-reference.ts';
import { parseEnvironmentReference } from './environment-reference.ts';
import { parseFileReference } from './file-reference.ts';
import { SecretReferenceError } from './secret-reference-error.ts';
import { parseVaultReference } from './vault-reference.ts';

/** What each scheme's references carry. A new provider begins with a line here; the compiler shows the other places. */
interface SecretReferenceParts {
  file: {
    /** Absolute path in the notation of the operating system. */
    readonly path: string;
  };
  env: {
    /** Name of the environment variable. */
    readonly name: string;
  };
  'aws-sm': {
    /** Name or ARN of the secret. */
    readonly id: string;
    /** Key of the JSON object that the secret is; absent: the secret is its text. */
    readonly field?: string;
  };
  vault: {
    /** Mount and path, as the API names them after `/v1/`. */
    readonly path: string;
    /** Key of the secret's data. */
    readonly field: string;
  };
  'azure-kv': {
    /** Name of the key vault, without its domain. */
    readonly vault: string;
    readonly name: string;
    /** Key of the JSON object that the secret is; absent: the secret is its text. */
    readonly field?: string;
  };
}

/** A scheme that this build can resolve. */
export type SecretScheme = keyof SecretReferenceParts;

/** Where a secret is: safe to log, frozen, and made by {@link parseSecretReference} only. */
export type SecretReference<S extends SecretScheme = SecretScheme> = {
  [K in S]: { readonly scheme: K } & SecretReferenceParts[K];
}[S];

/** Linux allows paths of 4095 bytes; nothing that is longer names a file. */
const MAX_REFERENCE_CHARACTERS = 4096;

const parsers: { readonly [S in SecretScheme]: (text: string) => SecretReference<S> } = {
  file: parseFileReference,
  env: parseEnvironmentReference,
  'aws-sm': parseAwsReference,
  vault: parseVaultReference,
  'azure-kv': parseAzureReference,
};

/**
 * Parses `file:///absolute/path`, `aws-sm://name#field`, `vault://mount/path#field`, `azure-kv://vault/name` or
 * `env://NAME`. Only the canonical spelling is accepted, so that two references are the same secret exactly when they
 * are the same text. Nothing is read.
 *
 * @throws {SecretReferenceError} whose message never repeats the text.
 */
export function parseSecretReference(text: string): SecretReference {
  if (text.length > MAX_REFERENCE_CHARACTERS) throw new SecretReferenceError('too-long');
  const scheme = /^([a-z][a-z0-9+.-]*):/.exec(text)?.[1];
  if (scheme === undefined) throw new SecretReferenceError('not-a-reference');
  if (!isAvailable(scheme)) throw new SecretReferenceError('unknown-scheme');
  return Object.freeze(parsers[scheme](text));
}

function isAvailable(scheme: string): scheme is SecretScheme {
  return Object.hasOwn(parsers, scheme);
}
