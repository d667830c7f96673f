import type { SecretReference, SecretScheme } from './secret-reference.ts';

/** The port behind which each source of secrets stands: one scheme, one provider. */
export interface SecretProvider<S extends SecretScheme = SecretScheme> {
  readonly scheme: S;
  /**
   * Reads the secret anew each time; caching and rotation are not its business.
   *
   * @throws {SecretError} whose message carries nothing of the value.
   */
  read(reference: SecretReference<S>): Promise<string>;
}
