import { AsyncLocalStorage } from 'node:async_hooks';
import type { HttpClient, PipelineResponse } from '@azure/core-rest-pipeline';
import {
  type AccessToken,
  type GetTokenOptions,
  ManagedIdentityCredential,
  type TokenCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import type { AzureCloud } from './azure-cloud.ts';
import { AzureFault } from './azure-fault.ts';
import type { AzureHttpClient } from './azure-http-client.ts';
import type { AzureSourceOptions } from './azure-source-options.ts';

/** Longest wait for a token: 10 s. The metadata service answers in less than one, Entra ID in two. */
const TOKEN_TIMEOUT_MS = 10_000;

/** A token is replaced in the last five minutes before its end, as MSAL's own cache does. */
const RENEWAL_MS = 5 * 60_000;

/** What a sign-in met on the wire: it, and no text of the SDK's errors, tells what went wrong. */
interface SignIn {
  readonly send: HttpClient['sendRequest'];
}

const signIns = new AsyncLocalStorage<SignIn>();

/**
 * MSAL keeps the network client of the first managed identity for all later ones of the process. So it is given one
 * that hands each request to the sign-in that it belongs to.
 */
const transport: HttpClient = {
  sendRequest(request) {
    const signIn = signIns.getStore();
    if (signIn === undefined) throw new TypeError('A sign-in sends its requests through its provider');
    return signIn.send(request);
  },
};

/** Options of every credential: one attempt, no redirects, this provider's connections. */
const SDK_OPTIONS = { httpClient: transport, retryOptions: { maxRetries: 0 }, redirectOptions: { maxRetries: 0 } };

/**
 * Proves who the service is: by the managed identity of the machine, or by the token of its Kubernetes service account.
 * Never by a static credential, a command line or a browser, as `DefaultAzureCredential` would.
 *
 * Tokens are kept here. Those that the SDK is given are for one use: its own keeper would renew them in the background,
 * by timers that nobody can end. One sign-in is under way at a time, whoever waits for it.
 */
export class AzureCredential implements TokenCredential {
  readonly #options: AzureSourceOptions;
  readonly #cloud: AzureCloud;
  readonly #http: AzureHttpClient;
  readonly #now: () => number;
  readonly #tokens = new Map<string, AccessToken>();
  readonly #underWay = new Map<string, Promise<AccessToken>>();
  #sdk: TokenCredential | undefined;

  constructor(options: AzureSourceOptions, cloud: AzureCloud, http: AzureHttpClient, now: () => number) {
    this.#options = options;
    this.#cloud = cloud;
    this.#http = http;
    this.#now = now;
  }

  /**
   * The token that is kept, while it lasts; in the last minutes of it a new one is fetched beside the reads.
   *
   * @throws {AzureFault} when there is none, and none can be had.
   */
  async getToken(scopes: string | string[], { abortSignal }: GetTokenOptions = {}): Promise<AccessToken> {
    const scope = String(scopes);
    const kept = this.#tokens.get(scope);
    if (kept !== undefined && !this.#endsWithin(kept, RENEWAL_MS)) return forOneUse(kept);
    const signIn = this.#signInOnce(scope);
    if (kept === undefined || this.#endsWithin(kept, TOKEN_TIMEOUT_MS))
      return forOneUse(await endedBy(signIn, abortSignal as AbortSignal | undefined));
    // The next read tries again; when the token has ended, reads fail with the reason.
    signIn.catch(() => undefined);
    return forOneUse(kept);
  }

  /** Forgets what it has of tokens, because one was not taken. Those of a managed identity MSAL keeps until their end. */
  forget(): void {
    this.#tokens.clear();
    this.#sdk = undefined;
  }

  #signInOnce(scope: string): Promise<AccessToken> {
    const signIn = this.#underWay.get(scope) ?? this.#signIn(scope).finally(() => this.#underWay.delete(scope));
    this.#underWay.set(scope, signIn);
    return signIn;
  }

  async #signIn(scope: string): Promise<AccessToken> {
    const signal = AbortSignal.timeout(TOKEN_TIMEOUT_MS);
    let met: AzureFault | PipelineResponse | undefined;
    const send: SignIn['send'] = async (request) => {
      try {
        met = await this.#http.send(request, signal);
        return met;
      } catch (error) {
        if (error instanceof AzureFault) met = error;
        throw error;
      }
    };
    const token = await signIns.run({ send }, () => this.#askSdk(scope));
    if (token === undefined) throw signInFault(met);
    this.#tokens.set(scope, token);
    return token;
  }

  async #askSdk(scope: string): Promise<AccessToken | undefined> {
    try {
      // Made late: the constructors look at the machine, and throw.
      this.#sdk ??= createSdkCredential(this.#options, this.#cloud);
      return (await this.#sdk.getToken(scope)) ?? undefined;
    } catch {
      // Its error quotes what was answered. What was met tells the caller as much.
      return undefined;
    }
  }

  #endsWithin({ expiresOnTimestamp }: AccessToken, windowMs: number): boolean {
    return expiresOnTimestamp - windowMs <= this.#now();
  }
}

function createSdkCredential({ clientId, workload }: AzureSourceOptions, cloud: AzureCloud): TokenCredential {
  const { authorityHost, authorityKind } = cloud;
  if (workload === undefined)
    return new ManagedIdentityCredential({ ...SDK_OPTIONS, ...(clientId === undefined ? {} : { clientId }) });
  const { tenantId, tokenFile: tokenFilePath } = workload;
  const disableInstanceDiscovery = authorityKind === 'private';
  const federation = { tenantId, clientId: workload.clientId, tokenFilePath, authorityHost, disableInstanceDiscovery };
  return new WorkloadIdentityCredential({ ...SDK_OPTIONS, ...federation });
}

/** Statuses by which the metadata service says "not yet" (Azure documentation, "Managed identities: error handling"). */
const NOT_YET: ReadonlySet<number> = new Set([404, 408, 410]);

function signInFault(met: AzureFault | PipelineResponse | undefined): AzureFault {
  if (met === undefined) return new AzureFault('sign-in-failed', 'There is no identity to sign in with.');
  if (met instanceof AzureFault) {
    const code = met.code === 'too-large' ? 'malformed-answer' : met.code;
    return new AzureFault(code, `Signing in: ${met.message}`);
  }
  const detail = `Signing in: status ${met.status}`;
  if (met.status === 200) return new AzureFault('malformed-answer', detail);
  if (met.status === 429) return new AzureFault('throttled', detail);
  if (met.status >= 500 || NOT_YET.has(met.status)) return new AzureFault('unavailable', detail);
  return new AzureFault('sign-in-failed', detail);
}

/** A token that the SDK does not keep: its end has passed, and the next request asks again. */
function forOneUse({ token }: AccessToken): AccessToken {
  return { token, expiresOnTimestamp: 0 };
}

/** The outcome, unless the signal comes first. What was begun goes on: somebody else may wait for it, too. */
async function endedBy<T>(outcome: Promise<T>, signal: AbortSignal = new AbortController().signal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(new AzureFault('timeout', 'The attempt was ended while signing in.'));
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([outcome, promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
