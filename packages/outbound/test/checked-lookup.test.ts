import { setImmediate } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createCheckedLookup } from '../src/checked-lookup.ts';
import { createOutboundClient, type Reach, type ResolveHost } from '../src/index.ts';
import { faultOf } from './support/faults.ts';
import { type RawServer, startRawServer } from './support/raw-server.ts';
import { resolving, silentResolver } from './support/resolvers.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

let server: RawServer;
beforeAll(async () => {
  server = await startRawServer((socket, requestNumber) => {
    if (requestNumber < 3) socket.write(OK);
    else socket.end(OK.replace('\r\n', '\r\nconnection: close\r\n'));
  });
});
afterAll(() => server.close());

function clientOf(reach: Reach, resolveHost: ResolveHost) {
  const client = createOutboundClient({ hosts: [{ host: 'api.example', port: server.port, reach }], resolveHost });
  const scheme = reach === 'loopback' ? 'http' : 'https';
  const url = `${scheme}://api.example:${server.port}/`;
  return { call: () => faultOf(client.request({ method: 'GET', url, deadlineMs: 2000 })), close: () => client.close() };
}

describe('the address of a host', () => {
  it('SR-29: is the one that was checked, when the resolver answers otherwise the second time', async () => {
    const { resolveHost, asked } = resolving(['127.0.0.1'], ['169.254.169.254']);
    const { call, close } = clientOf('loopback', resolveHost);
    await expect(call()).resolves.toBe('none');
    expect(asked).toEqual(['api.example']);
    await close();
  });

  it('SR-29: stays the checked one on a kept connection, and is checked again for the next connection', async () => {
    const { resolveHost, asked } = resolving(['127.0.0.1'], ['10.0.0.1']);
    const before = server.connections();
    const { call, close } = clientOf('loopback', resolveHost);
    // The server keeps the connection for three calls.
    for (const _ of [1, 2, 3]) {
      expect(await call()).toBe('none');
      // A connection is free again in the turn after its answer.
      await setImmediate();
    }
    expect(asked).toHaveLength(1);
    await expect(call()).resolves.toBe('address-not-allowed');
    expect(asked).toHaveLength(2);
    expect(server.connections()).toBe(before + 1);
    await close();
  });

  it('SR-29: is connected to in no case when one of the answers is out of reach', async () => {
    const before = server.connections();
    const faults: string[] = [];
    for (const addresses of [
      ['127.0.0.1'],
      ['::1'],
      ['::ffff:127.0.0.1'],
      ['::ffff:7f00:1'],
      ['0.0.0.0'],
      ['::'],
      ['169.254.169.254'],
      ['fd00:ec2::254'],
      ['100.64.0.1'],
      ['64:ff9b::7f00:1'],
      ['2002:7f00:1::'],
      ['::1%lo'],
      ['127.1'],
      ['localhost'],
      ['8.8.8.8', '127.0.0.1'],
      ['127.0.0.1', '8.8.8.8'],
      ['2606:4700::1111', '::1'],
      [],
    ]) {
      const { call } = clientOf('public', resolving(addresses).resolveHost);
      faults.push(`${addresses.join()}: ${await call()}`);
    }
    expect(faults.filter((fault) => !fault.endsWith(': address-not-allowed'))).toEqual([]);
    expect(server.connections()).toBe(before);
  });

  it('SR-29: is checked whether one answer is asked for or all', () => {
    for (const all of [true, false]) {
      const outcomes: unknown[] = [];
      const lookup = createCheckedLookup('public', resolving(['8.8.8.8'], ['10.0.0.1']).resolveHost);
      lookup('api.example', { all }, (_error, answer) => outcomes.push(answer));
      lookup('api.example', { all }, (error) => outcomes.push((error as { code?: string } | null)?.code));
      const first = { address: '8.8.8.8', family: 4 };
      expect(outcomes).toEqual([all ? [first] : first.address, 'address-not-allowed']);
    }
  });

  it('fails a call whose host is not known', async () => {
    const unknown = ((_host: string, _options: object, callback: (error: Error) => void) =>
      callback(Object.assign(new Error('c4n4ry'), { code: 'ENOTFOUND' }))) as unknown as ResolveHost;
    const { call } = clientOf('public', unknown);
    await expect(call()).resolves.toBe('connection');
  });

  it('SR-29: is awaited no longer than the deadline, and holds up no shutdown', async () => {
    const client = createOutboundClient({
      hosts: [{ host: 'api.example', reach: 'public' }],
      deadlineMs: 50,
      resolveHost: silentResolver,
    });
    await expect(faultOf(client.request({ method: 'GET', url: 'https://api.example' }))).resolves.toBe('timeout');
    await client.close();
  });
});
