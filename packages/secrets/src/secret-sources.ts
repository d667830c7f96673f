import type { AzureSourceOptions } from './providers/azure/azure-source-options.ts';
import type { SecretProvider } from './providers/secret-provider.ts';
import { assertVaultSource, type VaultSourceOptions } from './providers/vault/vault-source-options.ts';
import type { SecretReference, SecretScheme } from './references/secret-reference.ts';
import { documentOf } from './references/format-reference.ts';
import { SecretError } from './secret-error.ts';
import type { SecretMode } from './secret-mode.ts';

/** What the sources of secrets need to know of the process they are asked in. */
export interface SecretSourcesOptions {
  /** Where `env://` looks: what `readEnvironment()` of the config package returned. */
  readonly environment: Readonly<Record<string, string>>;
  readonly mode: SecretMode;
  /** Absent: `vault://` is `not-configured`. */
  readonly vault?: VaultSourceOptions;
  /** Where `azure-kv://` looks, and who the service is there. */
  readonly azure?: AzureSourceOptions;
}

/** The sources of this build, each loaded when the first reference names it. */
export interface SecretSources {
  /**
   * The provider of a reference's scheme.
   *
   * @throws {SecretError} `not-configured` when the settings do not say where the source is.
   */
  providerOf<S extends SecretScheme>(reference: SecretReference<S>): Promise<SecretProvider<S>>;
  /** Closes every provider that was loaded. Never rejects. */
  close(): Promise<void>;
}

type Loaders = { readonly [S in SecretScheme]?: () => Promise<SecretProvider<S>> };

/**
 * Makes the sources of this build. Nothing is loaded or asked yet: a service whose references are files never loads the
 * SDK of a cloud.
 *
 * @throws {TypeError} for options that no source could be asked with; the message contains no value.
 */
export function createSecretSources(options: SecretSourcesOptions): SecretSources {
  const loaders = loadersFor(options);
  const loaded = new Map<SecretScheme, Promise<SecretProvider>>();
  return {
    async providerOf<S extends SecretScheme>(reference: SecretReference<S>) {
      const load: Loaders[S] = loaders[reference.scheme];
      if (load === undefined) throw new SecretError('not-configured', documentOf(reference));
      const provider = loaded.get(reference.scheme) ?? load();
      loaded.set(reference.scheme, provider);
      try {
        return (await provider) as SecretProvider<S>;
      } catch (error) {
        // The next one who asks tries again: a provider that could not be made may be made a moment later.
        loaded.delete(reference.scheme);
        throw error;
      }
    },
    async close() {
      const made = await Promise.allSettled(loaded.values());
      const providers = made.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      await Promise.allSettled(providers.map((provider) => provider.close?.() ?? Promise.resolve()));
    },
  };
}

/** A provider is imported when it is first asked for: its SDK is no part of the start otherwise. */
function loadersFor({ environment, mode, vault, azure }: SecretSourcesOptions): Loaders {
  if (vault !== undefined) assertVaultSource(vault, mode);
  return {
    async file() {
      const { FileProvider } = await import('./providers/file-provider.ts');
      return new FileProvider();
    },
    async env() {
      const { EnvironmentProvider } = await import('./providers/environment-provider.ts');
      return new EnvironmentProvider(environment, mode);
    },
    ...(vault === undefined ? {} : { vault: () => loadVault(vault) }),
    async 'aws-sm'() {
      const { AwsProvider } = await import('./providers/aws/aws-provider.ts');
      return new AwsProvider();
    },
    ...(azure && { 'azure-kv': () => loadAzure(azure) }),
  };
}

async function loadVault(source: VaultSourceOptions): Promise<SecretProvider<'vault'>> {
  const { VaultProvider } = await import('./providers/vault/vault-provider.ts');
  return new VaultProvider(source);
}

async function loadAzure(options: AzureSourceOptions): Promise<SecretProvider<'azure-kv'>> {
  const { AzureProvider } = await import('./providers/azure/azure-provider.ts');
  return new AzureProvider(options);
}
