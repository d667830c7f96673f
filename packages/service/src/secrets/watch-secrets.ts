import { type LiveSecret, SecretError, type SecretStore } from '@redoubt/secrets';

import { referenceIn, type SecretDeclarations, type serviceSecretDeclarations } from './secret-declarations.ts';

/**
 * The secrets of a service by their settings, each fresh for as long as it runs; one whose setting is absent is not among
 * them.
 */
export type ServiceSecrets = { readonly [Name in keyof typeof serviceSecretDeclarations]?: LiveSecret } & {
  readonly [Name in string]?: LiveSecret;
};

/** What came of watching all secrets: those that could be read, and why the others could not. */
export interface WatchedSecrets {
  readonly secrets: ServiceSecrets;
  readonly failures: ReadonlyMap<string, SecretError>;
}

/**
 * Reads every secret that the settings name, side by side, and watches those that could be read. Rejects for what is no
 * fault of a source.
 */
export async function watchSecrets(
  store: SecretStore,
  declarations: SecretDeclarations,
  settings: object,
): Promise<WatchedSecrets> {
  const secrets = new Map<string, LiveSecret>();
  const failures = new Map<string, SecretError>();
  const watch = async (name: string, { ages: kind }: SecretDeclarations[string]): Promise<void> => {
    const reference = referenceIn(settings, name);
    if (reference === undefined) return;
    try {
      secrets.set(name, await store.watch(reference, { name, kind }));
    } catch (error) {
      // The self-check tells each of them, all at once.
      if (!(error instanceof SecretError)) throw error;
      failures.set(name, error);
    }
  };
  await Promise.all(Object.entries(declarations).map(([name, declaration]) => watch(name, declaration)));
  return { secrets: Object.fromEntries(secrets), failures };
}
