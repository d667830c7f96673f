import { createOutboundClient, type OutboundClient } from '@redoubt/outbound';
import type { JsonObject } from './reply.ts';

/** Where an administrator's client works, and as whom. */
export interface VaultAdminOptions {
  /** `https://127.0.0.1:8200`, or `http:` to the loopback. */
  readonly address: string;
  /** The authority of the server's certificate, in PEM. */
  readonly authority?: string | undefined;
  readonly token: string;
  /** Absent: the root namespace. */
  readonly namespace?: string;
}

/** What a role of an auth method gives: names and numbers of seconds as the API has them. */
export interface TokenRole {
  readonly token_policies: readonly string[];
  readonly token_ttl: number;
  readonly token_max_ttl?: number;
  readonly token_no_default_policy?: boolean;
}

/** How many seconds a wrapped answer may be waited for. */
const WRAP_TTL = '60';

const HTTP_PORT = 80;
const HTTPS_PORT = 443;

/** Sets up and looks into a server by its HTTP API, as its administrator does: a stand-in and a real one alike. */
export class VaultAdmin {
  readonly #options: VaultAdminOptions;
  readonly #client: OutboundClient;

  constructor(options: VaultAdminOptions) {
    const { protocol, hostname, port } = new URL(options.address);
    const defaultPort = protocol === 'https:' ? HTTPS_PORT : HTTP_PORT;
    this.#options = options;
    this.#client = createOutboundClient({
      hosts: [{ host: hostname, port: Number(port) || defaultPort, reach: 'loopback' }],
      ...(options.authority === undefined ? {} : { ca: options.authority }),
    });
  }

  /** The same administrator in another namespace. */
  within(namespace: string): VaultAdmin {
    return new VaultAdmin({ ...this.#options, namespace });
  }

  /**
   * Sends one request; answers the body, or an empty object where there is none.
   *
   * @throws {Error} for a status of 400 or above.
   */
  async send(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: JsonObject,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<JsonObject> {
    const { address, token, namespace } = this.#options;
    const response = await this.#client.request({
      method,
      url: `${address}/v1/${path}`,
      headers: {
        'x-vault-token': token,
        ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = response.body.toString('utf8');
    if (response.status >= 400) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
    return text === '' ? {} : (JSON.parse(text) as JsonObject);
  }

  async mountKv(path: string, version: '1' | '2'): Promise<void> {
    await this.send('POST', `sys/mounts/${path}`, { type: 'kv', options: { version } });
  }

  /** Writes a document of KV version 2. */
  async putDocument(mount: string, name: string, data: JsonObject): Promise<void> {
    await this.send('POST', `${mount}/data/${name}`, { data });
  }

  /** Lets the policy of this name allow what it says on paths, of which one may end with `*`, and nothing else. */
  async putPolicy(name: string, paths: Readonly<Record<string, readonly string[]>>): Promise<void> {
    const path = Object.fromEntries(Object.entries(paths).map(([at, capabilities]) => [at, { capabilities }]));
    await this.send('POST', `sys/policies/acl/${name}`, { policy: JSON.stringify({ path }) });
  }

  async enableAuth(path: string, type: 'approle' | 'jwt' | 'kubernetes'): Promise<void> {
    await this.send('POST', `sys/auth/${path}`, { type });
  }

  /** Makes a role of an AppRole mount; answers its id. */
  async createAppRole(mount: string, name: string, role: TokenRole & JsonObject): Promise<string> {
    await this.send('POST', `auth/${mount}/role/${name}`, role);
    return textAt(await this.send('GET', `auth/${mount}/role/${name}/role-id`), 'data', 'role_id');
  }

  /** Makes a secret id of a role, or a token that gives one once. */
  async createSecretId(mount: string, name: string, form: 'plain' | 'wrapped' = 'plain'): Promise<string> {
    const path = `auth/${mount}/role/${name}/secret-id`;
    if (form === 'plain') return textAt(await this.send('POST', path), 'data', 'secret_id');
    return textAt(await this.send('POST', path, undefined, { 'x-vault-wrap-ttl': WRAP_TTL }), 'wrap_info', 'token');
  }

  /** The leases below a path, or the tokens that were given there (`auth/approle/login`). */
  async leasesBelow(path: string): Promise<readonly string[]> {
    try {
      const { data } = await this.send('GET', `sys/leases/lookup/${path}?list=true`);
      return (data as { readonly keys: readonly string[] }).keys;
    } catch (error) {
      // None are answered as nothing there.
      if (error instanceof Error && error.message.includes(' 404:')) return [];
      throw error;
    }
  }

  /** Revokes every lease and every token that was given below a path, and waits until that is done. */
  async revokeBelow(path: string): Promise<void> {
    await this.send('POST', `sys/leases/revoke-prefix/${path}`, { sync: true });
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

function textAt(answer: JsonObject, part: string, name: string): string {
  const value = (answer[part] as JsonObject | undefined)?.[name];
  if (typeof value !== 'string') throw new Error(`The answer has no ${part}.${name}`);
  return value;
}
