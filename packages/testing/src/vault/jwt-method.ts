import { createPublicKey } from 'node:crypto';
import type { AuthMethod, EngineCall } from './engine.ts';
import { DONE, failed, type JsonObject, textIn, textsIn, type VaultReply } from './reply.ts';
import { verifyTestJwt } from './test-jwt.ts';
import { giveToken } from './token-roles.ts';
import type { TokenStore } from './token-store.ts';

/** Sign-in by a token that another issuer has signed (JWT/OIDC Auth Method API, "JWT login"). */
export class JwtMethod implements AuthMethod {
  readonly #mount: string;
  readonly #tokens: TokenStore;
  readonly #now: () => number;
  readonly #roles = new Map<string, JsonObject>();
  #keys: readonly string[] = [];

  constructor(mount: string, tokens: TokenStore, now: () => number) {
    this.#mount = mount;
    this.#tokens = tokens;
    this.#now = now;
  }

  logIn(body: JsonObject): VaultReply {
    const role = this.#roles.get(textIn(body, 'role'));
    if (role === undefined) return failed(400, 'role could not be found');
    const claims = this.#keys
      .map((key) => verifyTestJwt(textIn(body, 'jwt'), createPublicKey(key)))
      .find((found) => found !== undefined);
    if (claims === undefined) return failed(400, 'error validating token: no known key successfully validated it');
    if (!this.#isMeant(claims, role)) return failed(400, 'error validating token: its claims are not the bound ones');
    return giveToken(this.#tokens, `auth/${this.#mount}login`, role);
  }

  configure({ path, body }: EngineCall): VaultReply {
    const [kind, name = ''] = path.split('/');
    if (kind === 'config') this.#keys = textsIn(body, 'jwt_validation_pubkeys');
    else this.#roles.set(name, body);
    return DONE;
  }

  #isMeant(claims: JsonObject, role: JsonObject): boolean {
    const isCurrent = Number(claims['exp']) * 1000 > this.#now();
    const isForUs = textsIn(role, 'bound_audiences').includes(String(claims['aud']));
    return isCurrent && isForUs && textIn(role, 'bound_subject') === claims['sub'];
  }
}
