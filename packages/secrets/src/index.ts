export {
  type AzureSourceOptions,
  type AzureVaultDomain,
  type AzureWorkload,
  azureVaultDomains,
} from './providers/azure/azure-source-options.ts';
export {
  MAX_SECRET_BYTES,
  type ReadOptions,
  type SecretLease,
  type SecretProvider,
  type SecretReading,
} from './providers/secret-provider.ts';
export {
  SERVICE_ACCOUNT_TOKEN_FILE,
  type VaultAuth,
  type VaultSecretIdFile,
  type VaultSourceOptions,
} from './providers/vault/vault-source-options.ts';
export { documentOf, fieldOf, formatReference } from './references/format-reference.ts';
export {
  type SecretReferenceErrorCode,
  secretReferenceErrorCodes,
  SecretReferenceError,
} from './references/secret-reference-error.ts';
export { type SecretReference, type SecretScheme, parseSecretReference } from './references/secret-reference.ts';
export { type LiveSecret, type RefusalOutcome, fixedSecret } from './rotation/live-secret.ts';
export type { LeaseStatus } from './rotation/held-lease.ts';
export type { CancelTimer, Scheduler } from './rotation/scheduler.ts';
export { type SecretKind, secretAgeLimitsMs } from './rotation/secret-kind.ts';
export type { SecretObserver } from './rotation/secret-observer.ts';
export type { SecretStatus } from './rotation/secret-status.ts';
export { type SecretStore, type SecretStoreOptions, createSecretStore } from './rotation/secret-store.ts';
export type { WatchOptions } from './rotation/watched-secret.ts';
export { type SecretErrorCode, secretErrorCodes, SecretError } from './secret-error.ts';
export type { SecretMode } from './secret-mode.ts';
export { type SecretResolver, createSecretResolver } from './secret-resolver.ts';
export { type SecretSources, type SecretSourcesOptions, createSecretSources } from './secret-sources.ts';
export { REDACTED, Secret } from './secret.ts';
export { selectField } from './select-field.ts';
