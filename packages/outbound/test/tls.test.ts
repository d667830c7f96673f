import { Buffer } from 'node:buffer';
import type { RequestListener } from 'node:http';
import type { ServerOptions } from 'node:https';
import { TLSSocket } from 'node:tls';

import {
  type CertificateContent,
  CLIENT_AUTHENTICATION,
  createTestAuthority,
  loopbackServer,
  type TestCertificate,
} from '@redoubt/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { type ClientCertificateSource, createOutboundClient, type OutboundClient } from '../src/index.ts';
import { faultOf } from './support/faults.ts';
import { resolving } from './support/resolvers.ts';
import { createSelfSigned } from './support/self-signed.ts';
import { startWebServer, type WebServer } from './support/web-server.ts';

const DAY_MS = 86_400_000;
const authority = createTestAuthority();
const stranger = createTestAuthority();
const { resolveHost } = resolving(['127.0.0.1']);
const secretOf = (key: string) => ({ expose: () => key });

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close();
  vi.unstubAllEnvs();
});

const served: TLSSocket[] = [];
const keepSocket: RequestListener = (request, response) => {
  if (request.socket instanceof TLSSocket) served.push(request.socket);
  response.end('answered');
};

async function serve({ certificate, key }: TestCertificate, tls: ServerOptions = {}): Promise<WebServer> {
  const server = await startWebServer(keepSocket, { cert: certificate, key, ...tls });
  opened.push(server);
  return server;
}

/** A client of `https://localhost`, which leads to the loopback. */
function clientOf(
  { port }: WebServer,
  options: { ca?: string; clientCertificate?: ClientCertificateSource } = { ca: authority.certificate },
): OutboundClient {
  const hosts = [
    { host: 'localhost', port, reach: 'loopback' as const },
    { host: '127.0.0.1', port, reach: 'loopback' as const },
  ];
  const client = createOutboundClient({ hosts, resolveHost, ...options });
  opened.push(client);
  return client;
}

function call(client: OutboundClient, { port }: WebServer, host = 'localhost') {
  return client.request({ method: 'GET', url: `https://${host}:${port}/` });
}

const leafOf = (changes: CertificateContent = {}, from = authority) => from.issue({ ...loopbackServer, ...changes });

describe('a connection', () => {
  it('SR-28: is made to a server whose certificate an authority vouches for, by name and by address', async () => {
    const server = await serve(leafOf());
    const client = clientOf(server);
    await expect(call(client, server)).resolves.toMatchObject({ status: 200, body: Buffer.from('answered') });
    await expect(call(client, server, '127.0.0.1')).resolves.toMatchObject({ status: 200 });
    expect(served.slice(-2).map(({ servername }) => servername)).toEqual(['localhost', false]);
  });

  const badCertificates: Readonly<Record<string, () => TestCertificate>> = {
    'another name': () => leafOf({ names: [{ kind: 'dns', value: 'other.example' }] }),
    'a name that begins alike': () => leafOf({ names: [{ kind: 'dns', value: 'localhost.attacker.example' }] }),
    'no name': () => leafOf({ names: [] }),
    'a date that has passed': () => leafOf({ validFromMs: Date.now() - 2 * DAY_MS, validToMs: Date.now() - DAY_MS }),
    'a date to come': () => leafOf({ validFromMs: Date.now() + DAY_MS, validToMs: Date.now() + 2 * DAY_MS }),
    'another authority of the same name': () => leafOf({}, stranger),
    'nobody but itself to vouch for it': () => createSelfSigned('DNS:localhost'),
    'a use for clients only': () => leafOf({ usages: [CLIENT_AUTHENTICATION] }),
  };
  for (const [what, createCertificate] of Object.entries(badCertificates)) {
    it(`SR-28: is not made to a server whose certificate has ${what}`, async () => {
      const server = await serve(createCertificate());
      const before = served.length;
      await expect(faultOf(call(clientOf(server), server))).resolves.toBe('tls');
      expect(served).toHaveLength(before);
    });
  }

  it('SR-28: is not made to a server of an own authority when the public ones are asked', async () => {
    const server = await serve(leafOf());
    await expect(faultOf(call(clientOf(server, {}), server))).resolves.toBe('tls');
  });

  it('SR-28: is verified even when the environment says not to', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const server = await serve(leafOf({}, stranger));
    await expect(faultOf(call(clientOf(server), server))).resolves.toBe('tls');
  });

  it('SR-28: is not made below TLS 1.2', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const server = await serve(leafOf(), old);
    await expect(faultOf(call(clientOf(server), server))).resolves.toBe('tls');
    const newer = await serve(leafOf(), { ...old, maxVersion: 'TLSv1.2' });
    await expect(faultOf(call(clientOf(newer), newer))).resolves.toBe('none');
  });

  it('SR-28: is not made without TLS', async () => {
    const server = await startWebServer((_request, response) => response.end());
    opened.push(server);
    await expect(faultOf(call(clientOf(server), server))).resolves.toBe('tls');
  });

  it('SR-28: does not take up an old session, which would skip the check of names', async () => {
    const server = await serve(leafOf());
    const client = clientOf(server);
    const reused: unknown[] = [];
    for (const _ of [1, 2, 3]) {
      await call(client, server);
      const socket = served.at(-1);
      reused.push(socket?.isSessionReused());
      const closed = Promise.withResolvers<void>();
      socket?.once('close', () => closed.resolve());
      socket?.destroy();
      await closed.promise;
    }
    expect(reused).toEqual([false, false, false]);
  });
});

describe('a client certificate', () => {
  const asksForOne = { requestCert: true, rejectUnauthorized: true, ca: authority.certificate };
  const spiffe = (name: string): CertificateContent => ({ names: [{ kind: 'uri', value: `spiffe://test/${name}` }] });
  const identityOf = ({ certificate, key }: TestCertificate) => ({ certificate, key: secretOf(key) });
  const lastPeer = () => served.at(-1)?.getPeerX509Certificate()?.subjectAltName;

  it('SR-28: is presented to a server that asks for one', async () => {
    const server = await serve(leafOf(), asksForOne);
    const ca = authority.certificate;
    await expect(faultOf(call(clientOf(server, { ca }), server))).resolves.toMatch(/^(?:tls|connection)$/);
    const clientCertificate = identityOf(authority.issue(spiffe('a')));
    await expect(faultOf(call(clientOf(server, { ca, clientCertificate }), server))).resolves.toBe('none');
    expect(lastPeer()).toBe('URI:spiffe://test/a');
  });

  it('SR-52: is the present one of its source for each new connection', async () => {
    const server = await serve(leafOf(), asksForOne);
    let present = identityOf(authority.issue(spiffe('old')));
    const client = clientOf(server, { ca: authority.certificate, clientCertificate: () => present });
    await call(client, server);
    expect(lastPeer()).toBe('URI:spiffe://test/old');
    present = identityOf(authority.issue(spiffe('new')));
    const old = served.at(-1);
    const closed = Promise.withResolvers<void>();
    old?.once('close', () => closed.resolve());
    old?.destroy();
    await closed.promise;
    await call(client, server);
    expect(lastPeer()).toBe('URI:spiffe://test/new');
  });

  it('SR-51: that cannot be used is refused when the client is made, and its key is in no error', () => {
    const one = authority.issue();
    const other = authority.issue();
    const hosts = [{ host: 'api.example', reach: 'public' as const }];
    for (const tls of [
      { clientCertificate: { certificate: one.certificate, key: secretOf(other.key) } },
      { clientCertificate: { certificate: 'no PEM', key: secretOf(one.key) } },
      { clientCertificate: { certificate: one.certificate, key: secretOf('c4n4ry') } },
      { ca: 'no PEM' },
      { ca: '' },
    ]) {
      expect(() => createOutboundClient({ hosts, ...tls })).toThrow(
        new TypeError('the authorities, the certificate or the key of a client are not PEM, or do not fit together'),
      );
    }
  });
});
