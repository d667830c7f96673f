import { EnvironmentProvider, type SecretMode } from './environment-provider.ts';
import { FileProvider } from './file-provider.ts';
import { Secret } from './secret.ts';
import type { SecretProvider } from './secret-provider.ts';
import type { SecretReference, SecretScheme } from './secret-reference.ts';

/** What a resolver needs to know of the process it runs in. */
export interface SecretResolverOptions {
  /** Where `env://` looks: what `readEnvironment()` of the config package returned. */
  readonly environment: Readonly<Record<string, string>>;
  readonly mode: SecretMode;
}

/** Turns references into secrets. */
export interface SecretResolver {
  /**
   * Reads the secret anew; nothing is cached.
   *
   * @throws {SecretError} when it cannot be had.
   */
  resolve(reference: SecretReference): Promise<Secret>;
}

type SecretProviders = { readonly [S in SecretScheme]: SecretProvider<S> };

/** Makes the resolver of this build: files, and environment variables in development. */
export function createSecretResolver({ environment, mode }: SecretResolverOptions): SecretResolver {
  const providers: SecretProviders = {
    file: new FileProvider(),
    env: new EnvironmentProvider(environment, mode),
  };
  return { resolve: async (reference) => Secret.of(await read(providers, reference)) };
}

function read<S extends SecretScheme>(providers: SecretProviders, reference: SecretReference<S>): Promise<string> {
  const provider: SecretProvider<S> = providers[reference.scheme];
  return provider.read(reference);
}
