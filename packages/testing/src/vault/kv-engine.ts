import { DONE, failed, type JsonObject, missing, succeeded, type VaultReply } from './reply.ts';
import type { Engine, EngineCall } from './engine.ts';

interface Version {
  readonly data: JsonObject;
  readonly createdAtMs: number;
  state: 'kept' | 'deleted' | 'destroyed';
}

/** KV version 1: one text for a path (KV Secrets Engine, Version 1 API). */
export class PlainKvEngine implements Engine {
  readonly type = 'kv';
  readonly options = { version: '1' };
  readonly #documents = new Map<string, JsonObject>();

  handle({ method, path, body }: EngineCall): VaultReply {
    if (method === 'POST') {
      this.#documents.set(path, body);
      return DONE;
    }
    const data = this.#documents.get(path);
    if (method !== 'GET') return failed(405, 'unsupported operation');
    return data === undefined ? missing() : succeeded({ data, lease_duration: 2_764_800 });
  }
}

/** KV version 2: versions that can be deleted, undeleted and destroyed (KV Secrets Engine, Version 2 API). */
export class VersionedKvEngine implements Engine {
  readonly type = 'kv';
  readonly options = { version: '2' };
  readonly #now: () => number;
  readonly #documents = new Map<string, Version[]>();

  constructor(now: () => number) {
    this.#now = now;
  }

  handle({ method, path, body }: EngineCall): VaultReply {
    const [kind, ...rest] = path.split('/');
    const name = rest.join('/');
    switch (`${method} ${kind}`) {
      case 'GET data':
        return this.#read(name);
      case 'POST data':
        return this.#write(name, (body['data'] ?? {}) as JsonObject);
      case 'DELETE data':
        return this.#mark(name, [this.#documents.get(name)?.length ?? 0], 'deleted');
      case 'POST undelete':
        return this.#mark(name, body['versions'] as number[], 'kept');
      case 'POST destroy':
        return this.#mark(name, body['versions'] as number[], 'destroyed');
      case 'DELETE metadata':
        this.#documents.delete(name);
        return DONE;
      default:
        return missing();
    }
  }

  #read(name: string): VaultReply {
    const version = this.#documents.get(name)?.at(-1);
    if (version === undefined) return missing();
    const metadata = this.#metadataOf(name);
    return version.state === 'kept'
      ? succeeded({ data: { data: version.data, metadata } })
      : missing({ data: null, metadata });
  }

  #write(name: string, data: JsonObject): VaultReply {
    const versions = this.#documents.get(name) ?? [];
    versions.push({ data, createdAtMs: this.#now(), state: 'kept' });
    this.#documents.set(name, versions);
    return succeeded({ data: this.#metadataOf(name) });
  }

  #mark(name: string, numbers: readonly number[], state: Version['state']): VaultReply {
    for (const number of numbers) {
      const version = this.#documents.get(name)?.[number - 1];
      if (version !== undefined && version.state !== 'destroyed') version.state = state;
    }
    return DONE;
  }

  #metadataOf(name: string): JsonObject {
    const versions = this.#documents.get(name) ?? [];
    const { createdAtMs = 0, state } = versions.at(-1) ?? {};
    return {
      // The server tells nanoseconds.
      created_time: new Date(createdAtMs).toISOString().replace('Z', '000001Z'),
      custom_metadata: null,
      deletion_time: state === 'deleted' ? new Date(this.#now()).toISOString() : '',
      destroyed: state === 'destroyed',
      version: versions.length,
    };
  }
}
