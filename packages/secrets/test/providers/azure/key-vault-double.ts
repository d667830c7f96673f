import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import type { Answer } from '@redoubt/testing';

/** Attributes of a version, with times in seconds, as the REST API has them. */
export interface Attributes {
  readonly enabled?: boolean;
  readonly nbf?: number;
  readonly exp?: number;
}

interface Version {
  readonly id: string;
  readonly value: string;
  readonly attributes: Attributes & { readonly created: number; readonly updated: number };
}

/** Domain of the double's key vaults. */
export const DOMAIN = 'vault.test';

/** Host of its Entra ID. */
export const LOGIN_HOST = `login.${DOMAIN}`;

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };
const TOKEN_SECONDS = 3600;

/**
 * What the provider needs of Azure, as its documentation describes it: the secrets of key vaults, Entra ID's exchange of
 * a federated token, and a metadata service. It speaks plain HTTP: what stands before it speaks TLS.
 */
export class KeyVaultDouble {
  readonly tenantId = randomUUID();
  readonly clientId = randomUUID();
  /** The token that Entra ID takes in exchange. */
  readonly federatedToken = randomBytes(24).toString('hex');
  tokenSeconds = TOKEN_SECONDS;
  /** For whom a key vault wants a token. */
  resource = `https://${DOMAIN}`;
  readonly #versions = new Map<string, Version[]>();
  readonly #denied = new Set<string>();
  readonly #tokens = new Set<string>();
  readonly #azure = createServer(answering((request) => this.#answerAzure(request)));
  readonly #metadata = createServer(answering((request) => this.#answerMetadata(request)));

  async listen(): Promise<void> {
    await Promise.all([listen(this.#azure), listen(this.#metadata)]);
  }

  /** Where key vaults and Entra ID are. */
  get url(): string {
    return urlOf(this.#azure);
  }

  get metadataUrl(): string {
    return urlOf(this.#metadata);
  }

  /** Makes a version of a secret, the current one from now on. */
  put(vault: string, name: string, value: string, attributes: Attributes = {}): void {
    const created = Math.floor(Date.now() / 1000);
    const version = {
      id: randomBytes(16).toString('hex'),
      value,
      attributes: { enabled: true, created, updated: created, ...attributes },
    };
    const key = `${vault}/${name}`;
    this.#versions.set(key, [...(this.#versions.get(key) ?? []), version]);
  }

  deny(vault: string, name: string): void {
    this.#denied.add(`${vault}/${name}`);
  }

  /** From now on no token that was given is taken. */
  revokeTokens(): void {
    this.#tokens.clear();
  }

  /** The answer of a key vault when a secret has this text. */
  static holding(vault: string, name: string, value: string): Answer {
    const created = Math.floor(Date.now() / 1000);
    return bundle(vault, name, { id: 'f'.repeat(32), value, attributes: { enabled: true, created, updated: created } });
  }

  close(): void {
    for (const server of [this.#azure, this.#metadata]) {
      server.close();
      server.closeAllConnections();
    }
  }

  async #answerAzure(request: IncomingMessage): Promise<Answer> {
    const [host = ''] = (request.headers.host ?? '').split(':');
    const { pathname } = new URL(request.url ?? '', 'http://double');
    if (host === LOGIN_HOST) return this.#answerLogin(request, pathname);
    if (!this.#tokens.has((request.headers.authorization ?? '').replace('Bearer ', ''))) return this.#challenge();
    const [, name] = /^\/secrets\/([^/]+)\/?$/.exec(pathname) ?? [];
    const vault = host.replace(`.${DOMAIN}`, '');
    return this.#answerSecret(vault, name ?? '');
  }

  #challenge(): Answer {
    const challenge = `Bearer authorization="https://${LOGIN_HOST}/${this.tenantId}", resource="${this.resource}"`;
    return { ...problem(401, 'Unauthorized', ''), headers: { ...JSON_HEADERS, 'www-authenticate': challenge } };
  }

  #answerSecret(vault: string, name: string): Answer {
    const key = `${vault}/${name}`;
    if (this.#denied.has(key)) return problem(403, 'Forbidden', 'ForbiddenByRbac');
    const version = this.#versions.get(key)?.at(-1);
    if (version === undefined) return problem(404, 'SecretNotFound', '');
    if (version.attributes.enabled !== true) return problem(403, 'Forbidden', 'SecretDisabled');
    return bundle(vault, name, version);
  }

  async #answerLogin(request: IncomingMessage, path: string): Promise<Answer> {
    if (path === `/${this.tenantId}/v2.0/.well-known/openid-configuration`) return json(200, this.#openId(request));
    const form = new URLSearchParams(await textOf(request));
    const isGood =
      path === `/${this.tenantId}/oauth2/v2.0/token` &&
      form.get('client_id') === this.clientId &&
      form.get('client_assertion') === this.federatedToken &&
      form.get('scope')?.startsWith(`https://${DOMAIN}/.default`);
    if (isGood !== true) return json(401, { error: 'invalid_client', error_description: 'AADSTS70021: No match.' });
    return json(200, { token_type: 'Bearer', expires_in: this.tokenSeconds, access_token: this.#issue() });
  }

  #openId({ headers: { host } }: IncomingMessage): object {
    const base = `https://${host}/${this.tenantId}`;
    return {
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
    };
  }

  #answerMetadata({ url = '', headers }: IncomingMessage): Answer {
    const { pathname, searchParams } = new URL(url, 'http://double');
    if (!/^\/metadata\/identity\/oauth2\/token\/?$/.test(pathname) || headers['metadata'] !== 'true')
      return json(400, { error: 'invalid_request' });
    const expiresOn = String(Math.floor(Date.now() / 1000) + this.tokenSeconds);
    const token = { access_token: this.#issue(), expires_on: expiresOn, token_type: 'Bearer' };
    return json(200, { ...token, resource: searchParams.get('resource') });
  }

  #issue(): string {
    const token = randomBytes(24).toString('hex');
    this.#tokens.add(token);
    return token;
  }
}

/** A refusal as Key Vault words it; each word of it may be a canary. */
export function problem(status: number, code: string, innerCode: string, message = 'Refused.'): Answer {
  const innererror = innerCode === '' ? {} : { innererror: { code: innerCode } };
  return json(status, { error: { code, message, ...innererror } });
}

/** An answer in JSON. */
export function json(status: number, body: unknown): Answer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(body) };
}

function bundle(vault: string, name: string, { id, value, attributes }: Version): Answer {
  return json(200, { value, id: `https://${vault}.${DOMAIN}/secrets/${name}/${id}`, attributes, tags: {} });
}

function answering(answerOf: (request: IncomingMessage) => Answer | Promise<Answer>): RequestListener {
  return (request, response) => {
    void (async () => {
      const { status, headers, body } = await answerOf(request);
      response.writeHead(status, headers).end(body);
    })();
  };
}

function listen(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  return promise;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
