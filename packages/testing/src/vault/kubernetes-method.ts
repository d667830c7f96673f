import { createOutboundClient } from '@redoubt/outbound';
import type { AuthMethod, EngineCall } from './engine.ts';
import { DENIED, DONE, failed, type JsonObject, textIn, textsIn, type VaultReply } from './reply.ts';
import { giveToken } from './token-roles.ts';
import type { TokenStore } from './token-store.ts';

/** What the cluster says of a token (TokenReview, authentication.k8s.io/v1). */
interface Review {
  readonly status: { readonly authenticated?: boolean; readonly user?: { readonly username: string } };
}

/** Sign-in by the token of a service account, which the cluster is asked about (Kubernetes Auth Method API). */
export class KubernetesMethod implements AuthMethod {
  readonly #mount: string;
  readonly #tokens: TokenStore;
  readonly #roles = new Map<string, JsonObject>();
  #cluster: { readonly url: string; readonly authority: string } | undefined;

  constructor(mount: string, tokens: TokenStore) {
    this.#mount = mount;
    this.#tokens = tokens;
  }

  async logIn(body: JsonObject): Promise<VaultReply> {
    const name = textIn(body, 'role');
    const role = this.#roles.get(name);
    if (role === undefined) return failed(400, `invalid role name "${name}"`);
    const account = await this.#review(textIn(body, 'jwt'));
    if (account === undefined) return DENIED;
    const [, , namespace = '', serviceAccount = ''] = account.split(':');
    const isBound =
      textsIn(role, 'bound_service_account_namespaces').includes(namespace) &&
      textsIn(role, 'bound_service_account_names').includes(serviceAccount);
    if (!isBound) return failed(403, 'service account name not authorized');
    return giveToken(this.#tokens, `auth/${this.#mount}login`, role);
  }

  configure({ path, body }: EngineCall): VaultReply {
    const [kind, name = ''] = path.split('/');
    if (kind === 'config')
      this.#cluster = { url: textIn(body, 'kubernetes_host'), authority: textIn(body, 'kubernetes_ca_cert') };
    else this.#roles.set(name, body);
    return DONE;
  }

  /** The user name that the cluster knows the token by: `system:serviceaccount:namespace:name`. */
  async #review(token: string): Promise<string | undefined> {
    if (this.#cluster === undefined) return undefined;
    const { url, authority } = this.#cluster;
    const { hostname, port } = new URL(url);
    const client = createOutboundClient({
      hosts: [{ host: hostname, port: Number(port), reach: 'loopback' }],
      ca: authority,
    });
    const { body } = await client.request({
      method: 'POST',
      url: `${url}/apis/authentication.k8s.io/v1/tokenreviews`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } }),
    });
    await client.close();
    const { status } = JSON.parse(body.toString('utf8')) as Review;
    return status.authenticated === true ? status.user?.username : undefined;
  }
}
