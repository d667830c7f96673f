import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { BoundedHttpHandler } from './bounded-http-handler.ts';

/** One attempt each: those who read decide when to try again. */
const MAX_ATTEMPTS = 1;

/** The SDK's clients, one for each region that references name; they share their few connections. */
export class AwsClients {
  readonly #handler = new BoundedHttpHandler();
  readonly #clients = new Map<string | undefined, SecretsManagerClient>();

  /** The client of a region; without one, of the region that the SDK finds in the environment or its files. */
  of(region: string | undefined): SecretsManagerClient {
    const client = this.#clients.get(region) ?? createClient(region, this.#handler);
    this.#clients.set(region, client);
    return client;
  }

  /** Forgets a client, and with it credentials that AWS does not accept: the next one signs in anew. */
  forget(region: string | undefined): void {
    // It is not destroyed: that would end the connections of the others.
    this.#clients.delete(region);
  }

  close(): void {
    this.#clients.clear();
    this.#handler.destroy();
  }
}

/** Who the service is comes from the SDK's own chain alone: no key passes through settings of this project (SR-51). */
function createClient(region: string | undefined, requestHandler: BoundedHttpHandler): SecretsManagerClient {
  return new SecretsManagerClient({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler,
    // Credentials in a file are read anew after AWS has refused them: what wrote them may have rotated them.
    credentials: defaultProvider({ clientConfig: { maxAttempts: MAX_ATTEMPTS }, ignoreCache: true }),
    ...(region === undefined ? {} : { region }),
  });
}
