import type { SecretReference } from './references/secret-reference.ts';
import { Secret } from './secret.ts';
import type { SecretSources } from './secret-sources.ts';
import { selectField } from './select-field.ts';

/** Longest wait for one secret that is read once: 10 s, for a source that has to be signed in to first. */
const RESOLVE_TIMEOUT_MS = 10_000;

/** Turns references into secrets, once. */
export interface SecretResolver {
  /**
   * Reads the secret anew; nothing is cached or tried again.
   *
   * @throws {SecretError} when it cannot be had.
   */
  resolve(reference: SecretReference): Promise<Secret>;
}

/** Makes a resolver, for what runs once and ends: a migration, a check. A service watches its secrets instead. */
export function createSecretResolver(sources: SecretSources): SecretResolver {
  return {
    async resolve(reference) {
      const provider = await sources.providerOf(reference);
      const { text } = await provider.read(reference, { signal: AbortSignal.timeout(RESOLVE_TIMEOUT_MS) });
      return Secret.of(selectField(reference, text));
    },
  };
}
