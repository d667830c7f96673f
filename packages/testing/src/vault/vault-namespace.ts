import { randomUUID } from 'node:crypto';
import { AppRoleMethod } from './approle-method.ts';
import { DatabaseEngine, type DatabaseUsers } from './database-engine.ts';
import type { AuthMethod, Engine } from './engine.ts';
import { JwtMethod } from './jwt-method.ts';
import { KubernetesMethod } from './kubernetes-method.ts';
import { PlainKvEngine, VersionedKvEngine } from './kv-engine.ts';
import { LeaseStore } from './lease-store.ts';
import { Policies } from './policies.ts';
import type { JsonObject, VaultReply } from './reply.ts';
import { TokenStore } from './token-store.ts';

/** What a namespace needs from the server that it is in. */
export interface NamespaceOptions {
  readonly now: () => number;
  readonly users: DatabaseUsers | undefined;
}

/** Everything that one namespace has of its own. */
export class VaultNamespace {
  readonly tokens: TokenStore;
  readonly leases: LeaseStore;
  readonly policies = new Policies();
  /** By path, which ends with a slash. */
  readonly engines = new Map<string, Engine>();
  readonly methods = new Map<string, AuthMethod>();
  /** Answers that are waiting under a wrapping token, which takes each once. */
  readonly #wrapped = new Map<string, VaultReply>();
  readonly #options: NamespaceOptions;

  constructor(options: NamespaceOptions) {
    this.#options = options;
    this.tokens = new TokenStore(options.now);
    this.leases = new LeaseStore(options.now);
  }

  /** Mounts an engine; of an unknown type: nothing. */
  mount(path: string, type: string, options: JsonObject): void {
    const { now, users } = this.#options;
    if (type === 'database') this.engines.set(path, new DatabaseEngine(path, this.leases, users));
    if (type === 'kv')
      this.engines.set(path, options['version'] === '2' ? new VersionedKvEngine(now) : new PlainKvEngine());
  }

  /** Enables an auth method; of an unknown type: nothing. */
  enable(path: string, type: string): void {
    if (type === 'approle') this.methods.set(path, new AppRoleMethod(path, this.tokens));
    if (type === 'jwt') this.methods.set(path, new JwtMethod(path, this.tokens, this.#options.now));
    if (type === 'kubernetes') this.methods.set(path, new KubernetesMethod(path, this.tokens));
  }

  wrap(reply: VaultReply): string {
    const token = `s.${randomUUID()}`;
    this.#wrapped.set(token, reply);
    return token;
  }

  unwrap(token: string | undefined): VaultReply | undefined {
    const reply = token === undefined ? undefined : this.#wrapped.get(token);
    if (token !== undefined) this.#wrapped.delete(token);
    return reply;
  }

  /** Revokes what has ended by now. */
  settle(): Promise<void> {
    return this.leases.settle((id) => this.tokens.find(id) !== undefined);
  }
}
