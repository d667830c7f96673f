import { parseEnvironmentReference } from './environment-reference.ts';
import { parseFileReference } from './file-reference.ts';
import { SecretReferenceError } from './secret-reference-error.ts';

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
}

/** A scheme that this build can resolve. */
export type SecretScheme = keyof SecretReferenceParts;

/** Where a secret is: safe to log, frozen, and made by {@link parseSecretReference} only. */
export type SecretReference<S extends SecretScheme = SecretScheme> = {
  [K in S]: { readonly scheme: K } & SecretReferenceParts[K];
}[S];

/** Linux allows paths of 4095 bytes; nothing that is longer names a file. */
const MAX_REFERENCE_CHARACTERS = 4096;

/** Schemes that the product knows and this build has no provider for: they get an error of their own. */
const PLANNED_SCHEMES: ReadonlySet<string> = new Set(['aws-sm', 'vault', 'azure-kv']);

const parsers: { readonly [S in SecretScheme]: (text: string) => SecretReference<S> } = {
  file: parseFileReference,
  env: parseEnvironmentReference,
};

/**
 * Parses `file:///absolute/path` or `env://NAME`. Only the canonical spelling is accepted, so that two references are
 * the same secret exactly when they are the same text. Nothing is read.
 *
 * @throws {SecretReferenceError} whose message never repeats the text.
 */
export function parseSecretReference(text: string): SecretReference {
  if (text.length > MAX_REFERENCE_CHARACTERS) throw new SecretReferenceError('too-long');
  const scheme = /^([a-z][a-z0-9+.-]*):/.exec(text)?.[1];
  if (scheme === undefined) throw new SecretReferenceError('not-a-reference');
  if (PLANNED_SCHEMES.has(scheme)) throw new SecretReferenceError('scheme-not-available');
  if (!isAvailable(scheme)) throw new SecretReferenceError('unknown-scheme');
  return Object.freeze(parsers[scheme](text));
}

function isAvailable(scheme: string): scheme is SecretScheme {
  return Object.hasOwn(parsers, scheme);
}
