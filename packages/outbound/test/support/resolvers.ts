import type { LookupAddress } from 'node:dns';

import type { ResolveHost } from '../../src/index.ts';

/** A resolver under test, and the names that it was asked for. */
export interface StubResolver {
  readonly resolveHost: ResolveHost;
  readonly asked: readonly string[];
}

/** A resolver that gives each of its answers once, and then the last one for ever. */
export function resolving(...answers: readonly (readonly string[])[]): StubResolver {
  const asked: string[] = [];
  const left = [...answers];
  const resolve = (
    host: string,
    _options: object,
    callback: (error: null, addresses: LookupAddress[]) => void,
  ): void => {
    asked.push(host);
    const addresses = (left.length > 1 ? left.shift() : left[0]) ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { resolveHost: resolve as ResolveHost, asked };
}

/** A resolver that is asked and never answers. */
export const silentResolver = (() => undefined) as unknown as ResolveHost;
