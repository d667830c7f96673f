import process from 'node:process';

import { createTestAuthority, loopbackServer } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';

import { createOutboundClient, type Reach } from '../src/index.ts';
import { faultOf } from './support/faults.ts';
import { PATIENT } from './support/patience.ts';
import { startRawServer, writeForever } from './support/raw-server.ts';
import { resolving } from './support/resolvers.ts';
import { startWebServer } from './support/web-server.ts';

const ROUNDS = 50;

/** What a call could leave behind. */
function heldResources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => /^(?:TCP|TLS|GetAddrInfo)/.test(kind) && kind !== 'TCPServerWrap');
}

describe('calls that fail', () => {
  it('SR-29, SR-81: leave no socket behind, five hundred of them in ten ways', async () => {
    const authority = createTestAuthority();
    const { certificate: cert, key } = createTestAuthority().issue(loopbackServer);
    const head = 'HTTP/1.1 200 OK\r\n';
    const servers = {
      silent: await startRawServer(() => undefined),
      reset: await startRawServer((socket) => socket.resetAndDestroy()),
      endless: await startRawServer((socket) => {
        socket.write(`${head}\r\n`);
        writeForever(socket, 'a'.repeat(16_384));
      }),
      encoded: await startRawServer((socket) =>
        socket.write(`${head}content-encoding: gzip\r\ncontent-length: 9\r\n\r\na`),
      ),
      redirect: await startRawServer((socket) => socket.write('HTTP/1.1 302 Found\r\ncontent-length: 9\r\n\r\na')),
      broken: await startRawServer((socket) => socket.write('HTTP/1.1 OK\r\n\r\n')),
      untrusted: await startWebServer((_request, response) => response.end(), { cert, key }),
      gone: await startRawServer(() => undefined),
    };
    await servers.gone.close();
    const entries = Object.values(servers).map(({ port }) => ({ host: '127.0.0.1', port, reach: 'loopback' as Reach }));
    const client = createOutboundClient({
      hosts: [...entries, { host: 'api.example', reach: 'public' }],
      ca: authority.certificate,
      maxResponseBytes: 1024,
      resolveHost: resolving(['127.0.0.1']).resolveHost,
    });
    const before = heldResources();
    const call = (url: string, changes: { deadlineMs?: number; signal?: AbortSignal } = {}) =>
      faultOf(client.request({ method: 'GET', url, ...changes }));
    const to = (name: keyof typeof servers, scheme = 'http') => `${scheme}://127.0.0.1:${servers[name].port}/`;
    const faults: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const controller = new AbortController();
      const calls = [
        call(to('silent'), { deadlineMs: 20 }),
        call(to('silent'), { signal: controller.signal }),
        call(to('reset')),
        call(to('endless')),
        call(to('encoded')),
        call(to('redirect')),
        call(to('broken')),
        call(to('untrusted', 'https')),
        call(to('gone')),
        call('https://api.example'),
      ];
      controller.abort();
      faults.push(...(await Promise.all(calls)));
    }
    expect(faults.slice(0, 10).join()).toBe(
      'timeout,aborted,connection,too-large,encoding,redirect,connection,tls,connection,address-not-allowed',
    );
    expect(faults).toHaveLength(500);
    expect(faults).not.toContain('none');
    // Before the client is closed: what failed is gone by itself.
    await expect.poll(heldResources, PATIENT).toEqual(before);
    await client.close();
    const { gone: _closed, ...open } = servers;
    for (const server of Object.values(open)) await server.close();
  });
});
