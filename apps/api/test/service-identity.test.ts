import type { AddressInfo } from 'node:net';

import { Secret } from '@redoubt/secrets';
import { TlsMaterialError } from '@redoubt/server';
import {
  type CertificateContent,
  createManualClock,
  createTestAuthority,
  loopbackServer,
  type ManualClock,
  sendRaw,
  SERVER_AUTHENTICATION,
  type TestCertificate,
} from '@redoubt/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { openEmbeddedDatabase } from './support/embedded-database.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';
import { BILLING, EDGE, peers, UNLISTED } from '@redoubt/service/testing';
import { converse, TlsClient } from './support/tls-client.ts';

const HOUR_MS = 3_600_000;
const ME = '/api/services/me';
/** How a refused handshake looks from outside: as an alert, or as the end of the connection. */
const NO_CONNECTION = /alert|ECONNRESET|socket hang up|closed without an answer/;
const JWKS = '/.well-known/jwks.json';

// OpenSSL looks at the dates by the system's clock.
const startMs = Date.now();
const authority = createTestAuthority(startMs);
const rogue = createTestAuthority(startMs);
const uri = (value: string) => ({ kind: 'uri', value }) as const;
const dns = (value: string) => ({ kind: 'dns', value }) as const;
const leaf = (content: CertificateContent = {}, from = authority) => from.issue({ names: [uri(BILLING)], ...content });

/** What a listener has, made of a certificate and its key. */
function material({ certificate, key }: TestCertificate = authority.issue(loopbackServer), from = authority) {
  return { certificate, key: Secret.of(key), clientAuthority: from.certificate };
}

// One for all tests: opening it takes longer than most of them.
const database = await openEmbeddedDatabase();
afterAll(() => database.close());

let clock: ManualClock;
let service: TestApp;
let port: number;
let address: string;
const clients: TlsClient[] = [];

beforeEach(async () => {
  clock = createManualClock(startMs);
  service = await createTestApp(
    { now: clock.now, database },
    { peers, tls: material(), trustedProxies: ['127.0.0.1'] },
  );
  address = await service.app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = service.app.server.address() as AddressInfo);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await service.close();
});

function client(certificate?: TestCertificate): TlsClient {
  const created = new TlsClient(port, authority.certificate, certificate);
  clients.push(created);
  return created;
}

const lineOf = (route: string) =>
  service.log.lines().findLast(({ msg, route: of }) => msg === 'request' && of === route);
/** The line is written once the answer is on its way: a client may have it a moment earlier. */
const writtenLineOf = (route: string) =>
  vi.waitFor(() => {
    const line = lineOf(route);
    if (line === undefined) throw new Error('there is no line yet');
    return line;
  });
const events = () =>
  service.log.lines().flatMap(({ securityEvent }) => (securityEvent === undefined ? [] : [securityEvent]));

describe('a service with a client certificate', () => {
  it('SR-28: is known by the name in it, and the log line names it', async () => {
    expect(address).toBe(`https://127.0.0.1:${port}`);
    const billing = client(leaf());
    expect(await billing.get(ME)).toStrictEqual({ status: 200, body: { serviceId: BILLING } });
    expect(await writtenLineOf(ME)).toMatchObject({ status: 200, serviceId: BILLING });
    expect((await billing.get(JWKS)).status).toBe(200);
  });

  const unverified: [what: string, certificate: () => TestCertificate | undefined][] = [
    ['no certificate', () => undefined],
    ['a certificate of another authority of the same name', () => leaf({}, rogue)],
    ['an expired certificate', () => leaf({ validFromMs: startMs - 2 * HOUR_MS, validToMs: startMs - HOUR_MS })],
    ['a certificate of the future', () => leaf({ validFromMs: startMs + HOUR_MS, validToMs: startMs + 2 * HOUR_MS })],
    ['a certificate for servers only', () => leaf({ usages: [SERVER_AUTHENTICATION] })],
  ];
  it.each(unverified)('SR-28: with %s there is no connection', async (_what, certificate) => {
    await expect(client(certificate()).get(JWKS)).rejects.toThrow(NO_CONNECTION);
    expect(service.log.text()).toContain('a TLS handshake failed');
    expect(lineOf(JWKS)).toBeUndefined();
  });

  const unnamed: [what: string, content: CertificateContent][] = [
    ['that is an authority', { kind: 'authority' }],
    ['without extended key usage', { usages: [] }],
    ['without a URI', { names: [dns('billing.internal')] }],
    ['with two URIs', { names: [uri(BILLING), uri(EDGE)] }],
    ['with a DNS name that spells a URI', { names: [dns(`x, URI:${BILLING}`)] }],
    ['with a name off the list', { names: [uri(UNLISTED)] }],
    ['that is valid for 91 days', { validFromMs: startMs - HOUR_MS, validToMs: startMs + 91 * 24 * HOUR_MS }],
  ];
  it.each(unnamed)('SR-28: a certificate %s opens no route at all', async (_what, content) => {
    const peer = client(leaf(content));
    for (const path of [ME, JWKS, '/nowhere']) expect((await peer.get(path)).status).toBe(403);
    const headers = await service.as(await service.createUser('admin'));
    expect((await peer.get('/api/users', headers)).status).toBe(403);
  });

  it('SR-45: a refusal is an event that names the service', async () => {
    await client(leaf({ names: [uri(UNLISTED)] })).get(ME);
    await client(leaf()).get('/api/users');
    expect(events()).toMatchObject([
      { name: 'authz_fail', actorId: UNLISTED, details: { rule: 'client-certificate', reason: 'unlisted' } },
      { name: 'authz_fail', actorId: BILLING, details: { rule: 'permission(users:read)' } },
    ]);
  });

  it('SR-28: is refused as soon as its certificate expires, on a connection that it kept', async () => {
    const billing = client(leaf());
    expect((await billing.get(ME)).status).toBe(200);
    clock.advance(HOUR_MS + 1000);
    expect((await billing.get(ME)).status).toBe(403);
  });

  it('SR-23: says nothing of where its clients are', async () => {
    await client(leaf()).get(ME, { 'x-forwarded-for': '203.0.113.7' });
    expect(await writtenLineOf(ME)).toMatchObject({ clientAddress: '127.0.0.1' });
    await client(leaf({ names: [uri(EDGE)] })).get(JWKS, { 'x-forwarded-for': '203.0.113.7' });
    expect(await writtenLineOf(JWKS)).toMatchObject({ clientAddress: '203.0.113.7' });
  });
});

describe('users and services on one listener', () => {
  it('SR-1: a service is no user, and a user no service', async () => {
    const billing = client(leaf());
    const edge = client(leaf({ names: [uri(EDGE)] }));
    const headers = await service.as(await service.createUser('admin'));
    expect((await billing.get('/api/users/me')).status).toBe(403);
    expect((await edge.get('/api/users/me', headers)).status).toBe(200);
    expect((await edge.get(ME, headers)).status).toBe(403);
  });

  it('SR-28: what comes through the edge without a token is anonymous', async () => {
    const edge = client(leaf({ names: [uri(EDGE)] }));
    expect((await edge.get(ME)).status).toBe(401);
    expect((await edge.get('/api/users/me')).status).toBe(401);
    expect(await writtenLineOf('/api/users/me')).not.toHaveProperty('serviceId');
  });

  it("SR-30: a request with a token is its user's or nobody's, whoever forwards it", async () => {
    const billing = client(leaf());
    const user = await service.createUser('user');
    const headers = await service.as(user);
    expect(await billing.get('/api/users/me', headers)).toMatchObject({ status: 200, body: { id: user.id } });
    expect(await writtenLineOf('/api/users/me')).toMatchObject({ userId: user.id, serviceId: BILLING });
    expect((await billing.get(ME, headers)).status).toBe(403);
    for (const authorization of ['Bearer wrong', 'Basic YTpi', 'Bearer', ''])
      expect((await billing.get(ME, { authorization })).status).toBe(401);
  });
});

describe('the connection', () => {
  it('SR-28: plain HTTP and TLS 1.2 get no answer', async () => {
    const plain = await sendRaw(port, `GET ${JWKS} HTTP/1.1\r\nHost: localhost\r\n\r\n`).catch(() => ({ status: 0 }));
    expect(plain.status).toBe(0);
    const { certificate: cert, key } = leaf();
    const options = { port, ca: authority.certificate, cert, key };
    await expect(converse({ ...options, maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/);
    const { socket } = await converse(options);
    expect(socket.getProtocol()).toBe('TLSv1.3');
    socket.destroy();
  });

  it('SR-28: no session is resumed, so that each certificate is verified, also after the authority has changed', async () => {
    const { certificate: cert, key } = leaf();
    const options = { port, ca: authority.certificate, cert, key };
    const first = await converse(options);
    const second = await converse({ ...options, ...(first.session && { session: first.session }) });
    expect(second.socket.isSessionReused()).toBe(false);
    service.app.reloadTls(material(authority.issue(loopbackServer), rogue));
    await expect(converse({ ...options, ...(first.session && { session: first.session }) })).rejects.toThrow(
      NO_CONNECTION,
    );
    first.socket.destroy();
    second.socket.destroy();
  });

  it('SR-28: a new certificate serves new connections, and old ones go on', async () => {
    const [old, renewed] = [authority.issue(loopbackServer), authority.issue(loopbackServer)];
    service.app.reloadTls(material(old));
    const { certificate: cert, key } = leaf();
    const options = { port, ca: authority.certificate, cert, key };
    const kept = client(leaf());
    await kept.get(ME);
    const before = await converse(options);
    service.app.reloadTls(material(renewed));
    const after = await converse(options);
    expect(before.socket.getPeerX509Certificate()?.toString()).toBe(old.certificate);
    expect(after.socket.getPeerX509Certificate()?.toString()).toBe(renewed.certificate);
    expect((await kept.get(ME)).status).toBe(200);
    before.socket.destroy();
    after.socket.destroy();
  });

  it('SR-28: a pair that does not fit is refused, and the old one goes on', async () => {
    const { certificate } = authority.issue(loopbackServer);
    const { key } = authority.issue(loopbackServer);
    expect(() => service.app.reloadTls(material({ certificate, key }))).toThrow(TlsMaterialError);
    expect((await client(leaf()).get(ME)).status).toBe(200);
  });
});
