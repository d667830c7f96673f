import { type JsonObject, memberOf, objectIn, textIn } from './vault-answer.ts';
import type { VaultClient } from './vault-client.ts';
import { VaultFault } from './vault-fault.ts';
import type { VaultToken } from './vault-token.ts';

/** Where a secrets engine is mounted. */
export interface VaultMount {
  /** Ends with a slash. */
  readonly path: string;
  /** `versioned`: KV version 2, which has its documents below `data/`; every other engine is read at its own path. */
  readonly kind: 'versioned' | 'plain';
}

/**
 * Finds the mount that a path is below, by the endpoint that the command line client asks (`sys/internal/ui/mounts`):
 * a token may ask for every mount on which it has a right. Mounts do not nest, so that one answer holds for every path
 * below it.
 */
export class VaultMounts {
  readonly #client: VaultClient;
  readonly #known = new Map<string, VaultMount>();

  constructor(client: VaultClient) {
    this.#client = client;
  }

  /** @throws {VaultFault} */
  async find(path: string, token: VaultToken, signal: AbortSignal): Promise<VaultMount> {
    const known = [...this.#known.values()].find((mount) => path.startsWith(mount.path));
    if (known !== undefined) return known;
    const request = { method: 'GET', path: `sys/internal/ui/mounts/${path}`, token: token.value } as const;
    const mount = mountIn(objectIn(await this.#client.send(request, signal), 'data'));
    if (!`${path}/`.startsWith(mount.path)) throw new VaultFault('malformed-answer');
    this.#known.set(mount.path, mount);
    return mount;
  }

  /** Asks anew the next time: the mount may be another one by now. */
  forget(mount: VaultMount): void {
    this.#known.delete(mount.path);
  }
}

function mountIn(data: JsonObject): VaultMount {
  const path = textIn(data, 'path');
  if (!path.endsWith('/')) throw new VaultFault('malformed-answer');
  return { path, kind: textIn(data, 'type') === 'kv' && isVersioned(data) ? 'versioned' : 'plain' };
}

/** Options are null where a mount has none. */
function isVersioned(data: JsonObject): boolean {
  return memberOf(data, 'options') !== null && memberOf(objectIn(data, 'options'), 'version') === '2';
}
