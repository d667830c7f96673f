import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { createOutboundClient, type OutboundClient, OutboundError } from '@redoubt/outbound';
import { createMemoryStore } from '@redoubt/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isDigestOf } from '../../src/signatures/content-digest.ts';
import { createRequestSigner } from '../../src/signatures/request-signer.ts';
import { createSignatureVerifier } from '../../src/signatures/signature-verifier.ts';
import { createSignedCallerKeys } from '../../src/signatures/signed-caller-keys.ts';
import { createSignedOutboundClient } from '../../src/signatures/signed-outbound-client.ts';
import { createSharedKey } from './signers.ts';

const key = createSharedKey('billing-1');
const verify = createSignatureVerifier({
  keys: createSignedCallerKeys([key.caller]),
  store: createMemoryStore({ now: Date.now }),
});

let server: Server;
let origin: string;
let client: OutboundClient;

beforeAll(async () => {
  server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      try {
        const { bodyDigest } = await verify(request);
        if (body.length > 0 && (bodyDigest === undefined || !isDigestOf(bodyDigest, body))) throw new Error('the body');
        response.end(request.headers['x-own']);
      } catch {
        response.writeHead(401).end();
      }
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  client = createSignedOutboundClient(
    createOutboundClient({ hosts: [{ host: '127.0.0.1', port, reach: 'loopback' }] }),
    createRequestSigner(key.signer),
  );
});
afterAll(async () => {
  await client.close();
  server.close();
});

describe('a client that signs its calls', () => {
  it('SR-42: is known by a server that it calls, each time', async () => {
    const calls = [
      { method: 'GET', url: origin },
      { method: 'GET', url: `${origin}/a?b=c d&ä='1'` },
      { method: 'POST', url: new URL('/a/../b', origin), body: '{"a":1}' },
      { method: 'POST', url: `${origin}/a`, body: new Uint8Array(100_000) },
      { method: 'PUT', url: `${origin}/a`, body: '' },
      { method: 'DELETE', url: `${origin}/a` },
    ] as const;
    for (const call of [...calls, ...calls]) {
      const { status, body } = await client.request({ ...call, headers: { 'x-own': 'kept' } });
      expect([status, body.toString()]).toStrictEqual([200, 'kept']);
    }
  });

  it('SR-42: refuses to set beside its own what the signature sets', async () => {
    for (const name of ['signature', 'Signature-Input', 'CONTENT-DIGEST'])
      await expect(client.request({ method: 'GET', url: origin, headers: { [name]: 'x' } })).rejects.toThrow(TypeError);
  });

  it('SR-29: calls the allowed hosts alone', async () => {
    await expect(client.request({ method: 'GET', url: 'https://other.example/' })).rejects.toThrow(OutboundError);
  });
});
