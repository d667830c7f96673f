import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Reach, ResolveHost } from '@redoubt/outbound';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { IssuerDocumentError } from '../../src/errors.ts';
import { fetchDocument } from '../../src/issuers/fetch-document.ts';

/** Never reached by a test that passes. */
const LONG_MS = 10_000;
const LARGEST_BYTES = 64 * 1024;

let port: number;
let body = '{}';
let connections = 0;
const hosts: (string | undefined)[] = [];
const server = createServer((request, response) => {
  hosts.push(request.headers.host);
  response.end(body);
});
server.on('connection', () => {
  connections += 1;
});

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.close();
});

/** A resolver that gives each of its answers once. */
function resolving(...answers: readonly (readonly string[])[]): ResolveHost {
  const left = [...answers];
  const resolve = (
    _host: string,
    _options: object,
    callback: (error: null, addresses: LookupAddress[]) => void,
  ): void => {
    const addresses = left.shift() ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return resolve as ResolveHost;
}

async function faultOf(url: string, reach: Reach, resolveHost?: ResolveHost): Promise<string> {
  const signal = AbortSignal.timeout(LONG_MS);
  try {
    await fetchDocument(url, { reach, signal, ...(resolveHost === undefined ? {} : { resolveHost }) });
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(IssuerDocumentError);
    return (error as IssuerDocumentError).reason;
  }
}

describe('fetching a document', () => {
  it('SR-29: connects to the address that was checked, and asks the resolver once', async () => {
    const rebinding = resolving(['127.0.0.1'], ['169.254.169.254']);
    await expect(faultOf(`http://id.example:${port}/keys`, 'loopback', rebinding)).resolves.toBe('none');
    expect(hosts.at(-1)).toBe(`id.example:${port}`);
  });

  it('SR-29: connects nowhere when a name leads out of reach, by one of its addresses or by all', async () => {
    const before = connections;
    for (const addresses of [
      ['127.0.0.1'],
      ['::1'],
      ['::ffff:127.0.0.1'],
      ['10.0.0.1'],
      ['169.254.169.254'],
      ['8.8.8.8', '127.0.0.1'],
      ['127.0.0.1', '8.8.8.8'],
      [],
    ]) {
      const url = `https://id.example:${port}/keys`;
      await expect(faultOf(url, 'public', resolving(addresses))).resolves.toBe('address-not-allowed');
    }
    expect(connections).toBe(before);
  });

  it('SR-15: reads 64 KiB and not a byte more', async () => {
    body = `{}${' '.repeat(LARGEST_BYTES - 2)}`;
    await expect(faultOf(`http://127.0.0.1:${port}/`, 'loopback')).resolves.toBe('none');
    body = `{}${' '.repeat(LARGEST_BYTES - 1)}`;
    await expect(faultOf(`http://127.0.0.1:${port}/`, 'loopback')).resolves.toBe('too-large');
  });

  it('SR-15: takes an object of JSON and nothing else', async () => {
    for (const text of ['', '[]', 'null', '"keys"', '{"a":1,"a":2}', '{', '\uFEFF{}', '['.repeat(60_000)]) {
      body = text;
      expect(await faultOf(`http://127.0.0.1:${port}/`, 'loopback')).toMatch(/^(?:not-json|connection)$/);
    }
  });

  it('SR-15: ends with its signal', async () => {
    const aborted = fetchDocument(`http://127.0.0.1:${port}/`, { reach: 'loopback', signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ reason: 'timeout' });
  });
});
