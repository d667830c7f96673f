import { isRestError } from '@azure/core-rest-pipeline';
import { type KeyVaultSecret, SecretClient } from '@azure/keyvault-secrets';
import { setLogLevel } from '@azure/logger';
import { documentOf } from '../../references/format-reference.ts';
import type { SecretReference } from '../../references/secret-reference.ts';
import { SecretError } from '../../secret-error.ts';
import type { ReadOptions, SecretProvider, SecretReading } from '../secret-provider.ts';
import { type AzureCloud, azureCloudOf } from './azure-cloud.ts';
import { AzureCredential } from './azure-credential.ts';
import { AzureFault } from './azure-fault.ts';
import { AzureHttpClient } from './azure-http-client.ts';
import type { AzureSourceOptions } from './azure-source-options.ts';
import { readSecret } from './read-secret.ts';
import { VaultTransport } from './vault-transport.ts';

/** The API that answers are read by; an update of the SDK does not change it. */
const API_VERSION = '7.6';

/**
 * Reads secrets of Azure Key Vault: the current version, which is the newest. It counts as not there when it is
 * disabled or outside of its time: an older version does not come back to life.
 */
export class AzureProvider implements SecretProvider<'azure-kv'> {
  readonly scheme = 'azure-kv';
  readonly #cloud: AzureCloud;
  readonly #now: () => number;
  readonly #http: AzureHttpClient;
  readonly #credential: AzureCredential;
  readonly #clients = new Map<string, SecretClient>();

  constructor(
    options: AzureSourceOptions,
    cloud: AzureCloud = azureCloudOf(options.domain),
    now: () => number = Date.now,
  ) {
    // AZURE_LOG_LEVEL would have the SDK print parts of answers to stderr.
    setLogLevel();
    this.#cloud = cloud;
    this.#now = now;
    this.#http = new AzureHttpClient(cloud);
    this.#credential = new AzureCredential(options, cloud, this.#http, now);
  }

  async read(reference: SecretReference<'azure-kv'>, { signal }: ReadOptions): Promise<SecretReading> {
    try {
      signal.throwIfAborted();
      return readSecret(await this.#get(reference, signal), this.#now());
    } catch (error) {
      const fault = faultOf(error, signal);
      if (fault.code === 'sign-in-failed') this.#credential.forget();
      throw new SecretError(fault.code, documentOf(reference), { cause: fault });
    }
  }

  // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
  async close(): Promise<void> {
    this.#http.close();
  }

  #get({ vault, name }: SecretReference<'azure-kv'>, abortSignal: AbortSignal): Promise<KeyVaultSecret> {
    const client = this.#clients.get(vault) ?? this.#createClient(vault);
    this.#clients.set(vault, client);
    return client.getSecret(name, { abortSignal });
  }

  #createClient(vault: string): SecretClient {
    return new SecretClient(this.#cloud.vaultUrlOf(vault), this.#credential, {
      httpClient: new VaultTransport(this.#http),
      // Of throttling as well: one limit holds for every reason to try again.
      retryOptions: { maxRetries: 0 },
      redirectOptions: { maxRetries: 0 },
      serviceVersion: API_VERSION,
      // A vault that asks for a token of somebody else's does not get one.
      disableChallengeResourceVerification: false,
    });
  }
}

/** What a failed read comes to. No text of an error of the SDK is taken over: it quotes what it could not read. */
function faultOf(error: unknown, signal: AbortSignal): AzureFault {
  if (signal.aborted) return new AzureFault('timeout', 'The attempt was ended.');
  if (error instanceof AzureFault) return error;
  if (isRestError(error) && error.statusCode === 401) return new AzureFault('sign-in-failed', 'Status 401');
  return new AzureFault('malformed-answer', 'What answered is not Key Vault.');
}
