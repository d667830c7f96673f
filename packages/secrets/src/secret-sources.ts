import type { AzureSourceOptions } from './providers/azure/azure-source-options.ts';
import type { SecretProvider } from './providers/secret-provider.ts';
import type { SecretReference, SecretScheme } from './references/secret-reference.ts';
import { documentOf } from './references/format-reference.ts';
import { SecretError } from './secret-error.ts';
import type { SecretMode } from './secret-mode.ts';

/** What the sources of secrets need to know of the process they are asked in. */
export interface SecretSourcesOptions {
  /** Where `env://` looks: what `readEnvironment()` of the config package returned. */
  readonly environment: Readonly<Record<string, string>>;
  readonly mode: SecretMode;
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
      return provider as Promise<SecretProvider<S>>;
    },
    async close() {
      const providers = await Promise.all(loaded.values());
      await Promise.all(providers.map((provider) => provider.close?.() ?? Promise.resolve()));
    },
  };
}

/** A provider is imported when it is first asked for: its SDK is no part of the start otherwise. */
function loadersFor({ environment, mode, azure }: SecretSourcesOptions): Loaders {
  return {
    async file() {
      const { FileProvider } = await import('./providers/file-provider.ts');
      return new FileProvider();
    },
    async env() {
      const { EnvironmentProvider } = await import('./providers/environment-provider.ts');
      return new EnvironmentProvider(environment, mode);
    },
    async 'aws-sm'() {
      const { AwsProvider } = await import('./providers/aws/aws-provider.ts');
      return new AwsProvider();
    },
    ...(azure && { 'azure-kv': () => loadAzure(azure) }),
  };
}

async function loadAzure(options: AzureSourceOptions): Promise<SecretProvider<'azure-kv'>> {
  const { AzureProvider } = await import('./providers/azure/azure-provider.ts');
  return new AzureProvider(options);
}
