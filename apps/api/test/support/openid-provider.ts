import { generateKeyPairSync, randomBytes, type webcrypto } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Provider } from 'oidc-provider';
import { expect } from 'vitest';

/** What a token says beside what every token says. */
export interface TokenRequest {
  readonly audience?: string;
  readonly roles?: readonly string[];
}

/** A private key, as a provider keeps it. */
export type ProviderKey = webcrypto.JsonWebKey & { readonly kid: string };

/** The key kinds that tests sign with. */
type ProviderAlgorithm = 'ES256' | 'RS256';

/** Whom the provider's tokens are for unless a test says otherwise. */
export const PROVIDER_AUDIENCE = 'https://api.service.example';

const CLIENT_ID = 'machine';
const TOKEN_TTL_SECONDS = 3600;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A real OpenID provider on a port of the loopback interface. Its client credentials grant gives access tokens in the
 * form of RFC 9068; each token's `sub` is the client, the same at every provider. Its keys can be changed while it runs,
 * and what it answers to a request for its documents can be replaced.
 */
export class OpenidProvider {
  readonly issuer: string;
  /** Requests for the key set so far. */
  keySetRequests = 0;
  /** Answers every request in the provider's place. */
  instead: Handler | undefined;
  readonly #server = createServer((request, response) => this.#answer(request, response));
  readonly #secret = randomBytes(24).toString('base64url');
  #provider: Provider;
  #handler: Handler;
  #grant: TokenRequest = {};
  #algorithm: ProviderAlgorithm = 'ES256';

  private constructor(port: number, keys: readonly ProviderKey[]) {
    this.issuer = `http://127.0.0.1:${port}`;
    this.#provider = this.#createProvider(keys);
    this.#handler = this.#provider.callback();
  }

  static async start(keys: readonly ProviderKey[] = [createProviderKey()]): Promise<OpenidProvider> {
    // The port has to be known before the provider is made, whose issuer names it.
    const probe = createServer();
    const port = await listen(probe, 0);
    await close(probe);
    const provider = new OpenidProvider(port, keys);
    await listen(provider.#server, port);
    return provider;
  }

  /** From now on the provider has these keys, and signs with the first one. */
  useKeys(keys: readonly ProviderKey[]): void {
    this.#algorithm = keys[0]?.alg === 'RS256' ? 'RS256' : 'ES256';
    this.#provider = this.#createProvider(keys);
    this.#handler = this.#provider.callback();
  }

  /** Asks the provider for an access token, as a client does. */
  async accessToken(grant: TokenRequest = {}): Promise<string> {
    this.#grant = grant;
    const resource = grant.audience ?? PROVIDER_AUDIENCE;
    const response = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${CLIENT_ID}:${this.#secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope: 'api' }),
    });
    const answer = (await response.json()) as { access_token?: string };
    expect(answer.access_token).toMatch(/^eyJ/);
    return answer.access_token ?? '';
  }

  /** An ID token that the provider signs, for the audience of its access tokens. */
  async idToken(claims: Readonly<Record<string, unknown>>): Promise<string> {
    const client = await this.#provider.Client.find(CLIENT_ID);
    const idToken = new this.#provider.IdToken({ sub: CLIENT_ID }, { client });
    idToken.scope = 'openid';
    for (const [name, value] of Object.entries(claims)) idToken.set(name, value);
    return idToken.issue({ use: 'idtoken' });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await close(this.#server);
  }

  async startAgain(): Promise<void> {
    await listen(this.#server, Number(new URL(this.issuer).port));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/jwks') this.keySetRequests += 1;
    (this.instead ?? this.#handler)(request, response);
  }

  #createProvider(keys: readonly ProviderKey[]): Provider {
    return new Provider(this.issuer, {
      jwks: { keys },
      cookies: { keys: [this.#secret] },
      clientDefaults: { id_token_signed_response_alg: this.#algorithm },
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: this.#secret,
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
        },
      ],
      scopes: ['openid', 'api'],
      ttl: { IdToken: TOKEN_TTL_SECONDS, ClientCredentials: TOKEN_TTL_SECONDS },
      extraTokenClaims: () => ({ roles: this.#grant.roles ?? ['staff'] }),
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_context: unknown, audience: string) => ({
            scope: 'api',
            audience,
            accessTokenFormat: 'jwt',
            accessTokenTTL: TOKEN_TTL_SECONDS,
            jwt: { sign: { alg: this.#algorithm } },
          }),
        },
      },
    });
  }
}

/** Makes a private key for a provider, as it keeps them. */
export function createProviderKey(alg: ProviderAlgorithm = 'ES256'): ProviderKey {
  const { privateKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: randomBytes(12).toString('base64url') };
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function close(server: ReturnType<typeof createServer>): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
  });
}
