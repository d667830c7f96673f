import { Secret } from '../../secret.ts';
import { readCredential } from './credential-file.ts';
import { objectIn, textIn } from './vault-answer.ts';
import type { VaultClient } from './vault-client.ts';
import type { VaultSecretIdFile } from './vault-source-options.ts';

/**
 * The secret id of an AppRole. A wrapping token gives it once, so it is kept for later sign-ins until the file has
 * another token. One that somebody else has used is refused by the server; one that somebody else has put there gives a
 * secret id that the role does not know.
 */
export class SecretIdSource {
  readonly #client: VaultClient;
  readonly #source: Secret | VaultSecretIdFile;
  #unwrapped: { readonly token: string; readonly secretId: Secret } | undefined;

  constructor(client: VaultClient, source: Secret | VaultSecretIdFile) {
    this.#client = client;
    this.#source = source;
  }

  /** @throws {VaultFault} */
  async read(signal: AbortSignal): Promise<Secret> {
    const source = this.#source;
    if (source instanceof Secret) return source;
    const content = await readCredential(source.file, 'owner and group', signal);
    return source.content === 'wrapped' ? this.#unwrap(content, signal) : content;
  }

  async #unwrap(token: Secret, signal: AbortSignal): Promise<Secret> {
    if (this.#unwrapped?.token === token.expose()) return this.#unwrapped.secretId;
    const answer = await this.#client.send({ method: 'POST', path: 'sys/wrapping/unwrap', token }, signal);
    const secretId = Secret.of(textIn(objectIn(answer, 'data'), 'secret_id'));
    this.#unwrapped = { token: token.expose(), secretId };
    return secretId;
  }
}
