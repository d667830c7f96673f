import { pathToFileURL } from 'node:url';
import type { SecretReference, SecretScheme } from './secret-reference.ts';

type Writers = { readonly [S in SecretScheme]: (reference: SecretReference<S>) => string };

const writers: Writers = {
  file: ({ path }) => pathToFileURL(path).href,
  env: ({ name }) => `env://${name}`,
  'aws-sm': ({ id }) => `aws-sm://${id}`,
  vault: ({ path }) => `vault://${path}`,
  'azure-kv': ({ vault, name }) => `azure-kv://${vault}/${name}`,
};

/** The document that a reference reads from, without its field: references with one text are read together. */
export function documentOf<S extends SecretScheme>(reference: SecretReference<S>): string {
  const write: Writers[S] = writers[reference.scheme];
  return write(reference);
}

/** The text that a reference was parsed from: safe to log, and the only spelling of it. */
export function formatReference(reference: SecretReference): string {
  const field = fieldOf(reference);
  return field === undefined ? documentOf(reference) : `${documentOf(reference)}#${field}`;
}

/** The key of the document that a reference asks for; undefined where the document itself is the secret. */
export function fieldOf(reference: SecretReference): string | undefined {
  return 'field' in reference ? reference.field : undefined;
}
