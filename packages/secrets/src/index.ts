export type { SecretMode } from './environment-provider.ts';
export { type SecretErrorCode, SecretError } from './secret-error.ts';
export type { SecretProvider } from './secret-provider.ts';
export { type SecretReferenceErrorCode, SecretReferenceError } from './secret-reference-error.ts';
export { type SecretReference, type SecretScheme, parseSecretReference } from './secret-reference.ts';
export { type SecretResolver, type SecretResolverOptions, createSecretResolver } from './secret-resolver.ts';
export { REDACTED, Secret } from './secret.ts';
