import type { SecretReference } from '../references/secret-reference.ts';
import { SecretError } from '../secret-error.ts';
import type { SecretMode } from '../secret-mode.ts';
import type { SecretProvider, SecretReading } from './secret-provider.ts';

/**
 * Reads a secret from an environment variable: for development only (SR-51). A variable is inherited by every child
 * process, shown by container tools and printed by crash reports.
 */
export class EnvironmentProvider implements SecretProvider<'env'> {
  readonly scheme = 'env';
  readonly #environment: Readonly<Record<string, string>>;
  readonly #mode: SecretMode;

  constructor(environment: Readonly<Record<string, string>>, mode: SecretMode) {
    this.#environment = environment;
    this.#mode = mode;
  }

  // oxlint-disable-next-line typescript/require-await -- the port is asynchronous, and a throw becomes a rejection
  async read({ name }: SecretReference<'env'>): Promise<SecretReading> {
    const reference = `env://${name}`;
    if (this.#mode !== 'development') throw new SecretError('refused-in-production', reference);
    const value = Object.hasOwn(this.#environment, name) ? this.#environment[name] : undefined;
    if (value === undefined) throw new SecretError('not-found', reference);
    if (value.trim() === '') throw new SecretError('empty', reference);
    return { text: value };
  }
}
