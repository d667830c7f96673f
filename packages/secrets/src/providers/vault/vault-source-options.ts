import type { SecretMode } from '../../secret-mode.ts';
import type { Secret } from '../../secret.ts';

/** Where a Vault or OpenBao server is, and who the service is to it. */
export interface VaultSourceOptions {
  /** An origin: `https://vault.internal:8200`. Plain http is for development, and leads to the loopback only. */
  readonly address: string;
  /** Sent with every request, such as `team/service`; absent: the root namespace. */
  readonly namespace?: string;
  /** File of the authorities (PEM) that are believed in place of the public ones; read at the first request. */
  readonly caFile?: string;
  readonly auth: VaultAuth;
}

/** How the service proves who it is. Mounts are where the auth method is enabled, by default under its own name. */
export type VaultAuth =
  | {
      readonly method: 'kubernetes';
      readonly mount?: string;
      readonly role: string;
      /** The token of the service account; default: {@link SERVICE_ACCOUNT_TOKEN_FILE}. Read at each sign-in. */
      readonly jwtFile?: string;
    }
  | { readonly method: 'jwt'; readonly mount?: string; readonly role: string; readonly jwtFile: string }
  | {
      readonly method: 'approle';
      readonly mount?: string;
      readonly roleId: string;
      readonly secretId: Secret | VaultSecretIdFile;
    }
  /** A token that somebody made: for development only. It is not revoked at the end. */
  | { readonly method: 'token'; readonly token: Secret };

/** A file with the secret id of an AppRole, read at each sign-in; its mode is 0400 or 0440. */
export interface VaultSecretIdFile {
  readonly file: string;
  /** Whether the file has the secret id, or a wrapping token that gives it once. Default: `plain`. */
  readonly content?: 'plain' | 'wrapped';
}

/** Where Kubernetes puts the token of a pod's service account. */
export const SERVICE_ACCOUNT_TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Segments that need no encoding, and are no dot segments. */
const MOUNT = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9_.-]{1,128}(?:\/[A-Za-z0-9_.-]{1,128}){0,15}$/;

/** What names the loopback; the address that a name leads to is checked at the connection. */
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Says at once what no request should be made with: another scheme than https outside of development's loopback
 * (SR-28), a fixed token in production (SR-51), an address that is no origin.
 *
 * @throws {TypeError} whose message contains no value.
 */
export function assertVaultSource({ address, namespace, auth }: VaultSourceOptions, mode: SecretMode): void {
  const url = URL.parse(address);
  if (url === null || !isOrigin(url)) throw new TypeError('The address of Vault is an origin: scheme, host and port');
  if (url.protocol !== 'https:' && !(mode === 'development' && isLoopback(url)))
    throw new TypeError('Vault is reached over https; over http in development only, on the loopback');
  if (namespace !== undefined && !MOUNT.test(namespace)) throw new TypeError('A namespace of Vault is a path');
  if (auth.method === 'token') {
    if (mode !== 'development') throw new TypeError('A fixed token of Vault is for development: production signs in');
    return;
  }
  if (auth.mount !== undefined && !MOUNT.test(auth.mount)) throw new TypeError('A mount of Vault is a path');
}

/** Whether the host of an address is the machine itself. */
export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK_HOST.test(hostname);
}

function isOrigin(url: URL): boolean {
  return /^https?:$/.test(url.protocol) && url.host !== '' && url.href === `${url.origin}/`;
}
