import type { SecretLease, SecretProvider, SecretReading } from '../providers/secret-provider.ts';
import type { SecretReference } from '../references/secret-reference.ts';
import type { SecretSources } from '../secret-sources.ts';
import type { SourceCall } from './source-attempts.ts';

/** Where one document is read: the calls of its provider, which is loaded by the first of them. */
export class DocumentSource {
  readonly #sources: Pick<SecretSources, 'providerOf'>;
  readonly #reference: SecretReference;

  constructor(sources: Pick<SecretSources, 'providerOf'>, reference: SecretReference) {
    this.#sources = sources;
    this.#reference = reference;
  }

  readonly read: SourceCall<SecretReading> = async (signal) => {
    const provider = await this.#provider();
    return provider.read(this.#reference, { signal });
  };

  /** `undefined` also where the source knows no such version. */
  readonly readPending: SourceCall<SecretReading | undefined> = async (signal) => {
    const provider = await this.#provider();
    return provider.readPending?.(this.#reference, { signal });
  };

  /** Renews this lease; `undefined` where the source cannot. */
  renew(lease: SecretLease): SourceCall<SecretLease | undefined> {
    return async (signal) => {
      const provider = await this.#provider();
      return provider.renew?.(this.#reference, lease, { signal });
    };
  }

  #provider(): Promise<SecretProvider> {
    return this.#sources.providerOf(this.#reference);
  }
}
