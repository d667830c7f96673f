import { randomBytes } from 'node:crypto';
import type { AuthenticatedCall, Engine } from './engine.ts';
import type { LeaseStore } from './lease-store.ts';
import { DONE, failed, type JsonObject, secondsIn, succeeded, type VaultReply } from './reply.ts';

/** Makes and ends the users of a database. A test can make real ones. */
export interface DatabaseUsers {
  create(user: { readonly username: string; readonly password: string }): Promise<void>;
  drop(username: string): Promise<void>;
}

const NOBODY: DatabaseUsers = { create: () => Promise.resolve(), drop: () => Promise.resolve() };

/** Database engine: `creds/role` makes a user with a lease (Database Secrets Engine API). */
export class DatabaseEngine implements Engine {
  readonly type = 'database';
  readonly options = null;
  readonly #mount: string;
  readonly #leases: LeaseStore;
  readonly #users: DatabaseUsers;
  readonly #roles = new Map<string, JsonObject>();

  constructor(mount: string, leases: LeaseStore, users: DatabaseUsers = NOBODY) {
    this.#mount = mount;
    this.#leases = leases;
    this.#users = users;
  }

  async handle({ method, path, body, token }: AuthenticatedCall): Promise<VaultReply> {
    const [kind, name = ''] = path.split('/');
    // Where the database is, and how users are made there, is the affair of `users`.
    if (method === 'POST' && kind === 'config') return DONE;
    if (method === 'POST' && kind === 'roles') {
      this.#roles.set(name, body);
      return DONE;
    }
    const role = this.#roles.get(name);
    if (method !== 'GET' || kind !== 'creds') return failed(405, 'unsupported operation');
    return role === undefined ? failed(400, `unknown role: ${name}`) : this.#create(name, role, token.id);
  }

  async #create(name: string, role: JsonObject, tokenId: string): Promise<VaultReply> {
    const username = `v-${name}-${randomBytes(8).toString('hex')}`;
    const password = randomBytes(20).toString('base64url');
    await this.#users.create({ username, password });
    const lease = this.#leases.create({
      path: `${this.#mount}creds/${name}`,
      tokenId,
      ttlSeconds: secondsIn(role, 'default_ttl'),
      maxTtlSeconds: secondsIn(role, 'max_ttl'),
      revoke: () => this.#users.drop(username),
    });
    return succeeded({
      data: { username, password },
      lease_id: lease.id,
      lease_duration: lease.ttlSeconds,
      renewable: true,
    });
  }
}
