import { randomUUID } from 'node:crypto';
import type { AuthMethod, EngineCall } from './engine.ts';
import { DONE, failed, type JsonObject, missing, secondsIn, succeeded, textIn, type VaultReply } from './reply.ts';
import { giveToken } from './token-roles.ts';
import type { TokenStore } from './token-store.ts';

interface Role {
  readonly terms: JsonObject;
  readonly roleId: string;
  /** Secret ids, and how often each may still be used; Infinity where its role does not say. */
  readonly secretIds: Map<string, number>;
}

const REFUSED = failed(400, 'invalid role or secret ID');

/** Sign-in by a role id and a secret id (AppRole Auth Method API). */
export class AppRoleMethod implements AuthMethod {
  readonly #mount: string;
  readonly #tokens: TokenStore;
  readonly #roles = new Map<string, Role>();

  constructor(mount: string, tokens: TokenStore) {
    this.#mount = mount;
    this.#tokens = tokens;
  }

  logIn(body: JsonObject): VaultReply {
    const role = [...this.#roles.values()].find(({ roleId }) => roleId === textIn(body, 'role_id'));
    const secretId = textIn(body, 'secret_id');
    const usesLeft = role?.secretIds.get(secretId);
    if (role === undefined || usesLeft === undefined) return REFUSED;
    if (usesLeft > 1) role.secretIds.set(secretId, usesLeft - 1);
    else role.secretIds.delete(secretId);
    return giveToken(this.#tokens, `auth/${this.#mount}login`, role.terms);
  }

  configure({ method, path, body }: EngineCall): VaultReply {
    const [, name = '', part] = path.split('/');
    if (method === 'POST' && part === undefined) {
      this.#roles.set(name, { terms: body, roleId: randomUUID(), secretIds: new Map() });
      return DONE;
    }
    const role = this.#roles.get(name);
    if (role === undefined) return missing();
    if (method === 'DELETE') {
      this.#roles.delete(name);
      return DONE;
    }
    if (part === 'role-id') return succeeded({ data: { role_id: role.roleId } });
    if (method !== 'POST' || part !== 'secret-id') return failed(405, 'unsupported operation');
    const secretId = randomUUID();
    role.secretIds.set(secretId, secondsIn(role.terms, 'secret_id_num_uses') || Infinity);
    return succeeded({ data: { secret_id: secretId } });
  }
}
