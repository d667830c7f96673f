import { DENIED, failed, type JsonObject, missing, succeeded, type VaultReply } from './reply.ts';
import type { Capability } from './policies.ts';
import { answerSystem, needsNoPolicy } from './system-paths.ts';
import type { TokenEntry } from './token-store.ts';
import { type NamespaceOptions, VaultNamespace } from './vault-namespace.ts';
import type { VaultMode } from './vault-stand-in.ts';

/** A request of the API, read. */
export interface VaultRequest {
  readonly method: string;
  /** After `/v1/`. */
  readonly path: string;
  readonly isList: boolean;
  readonly namespace: string;
  readonly isToBeWrapped: boolean;
  readonly token?: string;
  readonly body: JsonObject;
}

const SEALED = failed(503, 'Vault is sealed');
const THROTTLED = failed(429, 'request path: rate limit quota exceeded');
const NO_ROUTE = failed(404, 'no handler for route. route entry not found.');

/** The namespaces of a stand-in, and what a request comes to in one of them. */
export class VaultState {
  readonly #options: NamespaceOptions;
  readonly #namespaces = new Map<string, VaultNamespace>();
  readonly #root: TokenEntry;
  #mode: VaultMode = 'serving';

  constructor(options: NamespaceOptions, rootToken: string) {
    this.#options = options;
    const [issuedAtMs, endsAtMs] = [options.now(), Infinity];
    const terms = {
      policies: ['root'],
      ttlSeconds: 0,
      maxTtlSeconds: 0,
      type: 'service',
      path: 'auth/token/root',
    } as const;
    this.#root = { ...terms, id: rootToken, issuedAtMs, endsAtMs };
    this.#addNamespace('');
  }

  setMode(mode: VaultMode): void {
    this.#mode = mode;
  }

  async settle(): Promise<void> {
    await Promise.all(Array.from(this.#namespaces.values(), (namespace) => namespace.settle()));
  }

  async answer(request: VaultRequest): Promise<VaultReply> {
    if (this.#mode === 'sealed') return SEALED;
    if (this.#mode === 'throttled') return THROTTLED;
    // No host of this name exists (RFC 6761).
    const location = `https://active.invalid:8200/v1/${request.path}`;
    if (this.#mode === 'standby') return { status: 307, headers: { location } };
    await this.settle();
    const at = this.#namespaces.get(request.namespace);
    if (at === undefined) return failed(404, 'namespace not found');
    const reply = await this.#answerIn(at, request);
    if (!request.isToBeWrapped || reply.status !== 200) return reply;
    return succeeded({ wrap_info: { token: at.wrap(reply), ttl: 60 } });
  }

  async #answerIn(at: VaultNamespace, request: VaultRequest): Promise<VaultReply> {
    const { method, path, body } = request;
    const login = /^auth\/(.+\/)login$/.exec(path)?.[1];
    if (method === 'POST' && login !== undefined) return at.methods.get(login)?.logIn(body) ?? NO_ROUTE;
    if (method === 'POST' && path === 'sys/wrapping/unwrap')
      return at.unwrap(request.token) ?? failed(400, 'wrapping token is not valid or does not exist');
    const token = at.tokens.find(request.token);
    if (token === undefined) return DENIED;
    if (!needsNoPolicy(path) && !at.policies.isAllowed(token, path, capabilityOf(request))) return DENIED;
    if (method === 'POST' && path.startsWith('sys/namespaces/')) {
      this.#addNamespace(path.slice('sys/namespaces/'.length));
      return succeeded({ data: {} });
    }
    return this.#route(at, request, token);
  }

  async #route(
    at: VaultNamespace,
    { method, path, body, isList }: VaultRequest,
    token: TokenEntry,
  ): Promise<VaultReply> {
    const system = answerSystem(at, { method, path, body, isList, token });
    if (system !== undefined) return system;
    for (const [mount, auth] of at.methods) {
      const prefix = `auth/${mount}`;
      if (path.startsWith(prefix)) return auth.configure({ method, path: path.slice(prefix.length), body });
    }
    for (const [mount, engine] of at.engines) {
      if (path.startsWith(mount)) return engine.handle({ method, path: path.slice(mount.length), body, token });
    }
    return path.startsWith('sys/') ? missing() : NO_ROUTE;
  }

  #addNamespace(name: string): void {
    const namespace = new VaultNamespace(this.#options);
    namespace.tokens.adopt(this.#root);
    this.#namespaces.set(name, namespace);
  }
}

function capabilityOf({ method, isList }: VaultRequest): Capability {
  if (isList) return 'list';
  if (method === 'GET') return 'read';
  return method === 'DELETE' ? 'delete' : 'update';
}
