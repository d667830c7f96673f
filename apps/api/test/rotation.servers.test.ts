import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { connect } from 'node:tls';

import { type CertificateContent, CLIENT_AUTHENTICATION, createTestAuthority, loopbackServer } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { RealServers, type Replica } from './support/real-servers.ts';
import { TlsClient } from './support/tls-client.ts';

const EDGE = 'spiffe://example.internal/edge';
const edge: CertificateContent = { usages: [CLIENT_AUTHENTICATION], names: [{ kind: 'uri', value: EDGE }] };

/** 200 requests a second (docs/reliability.md), each on a connection of its own turn. */
const INTERVAL_MS = 5;
const CONNECTIONS = 10;
/** The second signing key takes over while the load runs. */
const SECOND_KEY_AFTER_MS = 4000;
const HOUR_MS = 3_600_000;
/** Longest that a change may take to be acted on (SR-52). */
const PICKUP_MS = 60_000;

const authority = createTestAuthority();
const [first, second] = [authority.issue(loopbackServer), authority.issue(loopbackServer)];
const client = authority.issue(edge);

let servers: RealServers;
let replica: Replica;
/** Signs people in; the other replica knows its tokens by the same keys. */
let plain: Replica;

beforeAll(async () => {
  servers = await RealServers.prepare();
  await servers.addSigningKey(new Date(Date.now() + SECOND_KEY_AFTER_MS));
  await servers.installTls(first, authority.certificate);
  [replica, plain] = await Promise.all([servers.start(servers.tlsSettings(EDGE)), servers.start()]);
});
afterAll(() => servers.close());

async function signIn(): Promise<string> {
  const response = await fetch(new URL('/api/auth/login', plain.origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(servers.administrator),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { accessToken: string }).accessToken;
}

function kidOf(token: string): unknown {
  return (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: unknown }).kid;
}

/** The certificate that a new connection is shown. */
async function shownFingerprint(): Promise<string | undefined> {
  const port = Number(new URL(replica.origin).port);
  const socket = connect({
    port,
    host: '127.0.0.1',
    ca: authority.certificate,
    cert: client.certificate,
    key: client.key,
  });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

/** Asks without pause, 200 times a second, until it is told to stop; answers how often, and every answer that was not 200. */
function createLoad(token: () => string) {
  const clients = Array.from(
    { length: CONNECTIONS },
    () => new TlsClient(Number(new URL(replica.origin).port), authority.certificate, client),
  );
  const pending: Promise<void>[] = [];
  const faults: string[] = [];
  const ask = async (each: TlsClient): Promise<void> => {
    try {
      const { status } = await each.get('/api/users/me', { authorization: `Bearer ${token()}` });
      if (status !== 200) faults.push(`status ${status}`);
    } catch (error) {
      faults.push(String(error));
    }
  };
  const timer = setInterval(() => {
    const each = clients[pending.length % clients.length];
    if (each !== undefined) pending.push(ask(each));
  }, INTERVAL_MS);
  return {
    count: () => pending.length,
    async stop(): Promise<readonly string[]> {
      clearInterval(timer);
      await Promise.all(pending);
      for (const each of clients) each.close();
      return faults;
    },
  };
}

describe('a service under load', () => {
  it('SR-52: loses no request while signing keys, the database password and the certificate change', async () => {
    let token = await signIn();
    const firstKid = kidOf(token);
    const load = createLoad(() => token);
    const shown = await shownFingerprint();

    await servers.rotateRuntimePassword();
    for (const { child } of [replica, plain]) child.process.kill('SIGHUP');
    await vi.waitUntil(() => replica.child.output().includes('sys_secret_rotated'), PICKUP_MS);

    await servers.addSigningKey(new Date(Date.now() + HOUR_MS));
    for (const { child } of [replica, plain]) child.process.kill('SIGHUP');
    await vi.waitUntil(() => replica.child.output().includes('the signing keys were read again'), PICKUP_MS);

    await servers.installTls(second, authority.certificate);
    replica.child.process.kill('SIGHUP');
    await vi.waitUntil(async () => (await shownFingerprint()) !== shown, PICKUP_MS);

    // The key that was published from the start has taken over by now, and its tokens are good everywhere.
    await vi.waitUntil(async () => {
      token = await signIn();
      return kidOf(token) !== firstKid;
    }, PICKUP_MS);
    const before = load.count();
    await vi.waitUntil(() => load.count() > before + 200, PICKUP_MS);
    expect(await load.stop()).toEqual([]);

    // No connection of the old password is left to live on: only who has the new one comes back.
    await servers.endSessions();
    const me = () => fetch(new URL('/api/users/me', plain.origin), { headers: { authorization: `Bearer ${token}` } });
    await vi.waitUntil(async () => (await me()).status === 200, PICKUP_MS);
  }, 120_000);

  it('SR-51: shows none of its secrets, old or new, in its output, its metrics or what doctor prints', async () => {
    const metrics = await (await fetch(new URL('/metrics', replica.management))).text();
    expect(metrics).toContain('secret_age_seconds{setting="DATABASE_PASSWORD"}');
    const examined = await servers.examine();
    expect(examined.code).toBe(0);
    const shown = [replica.child.output(), plain.child.output(), metrics, examined.output].join('\n');
    const secrets = servers.writtenSecrets.flatMap((secret) =>
      // A certificate is public; of a key every line of its body counts.
      secret.includes('CERTIFICATE') ? [] : secret.split('\n').filter((line) => /^[\w+/=-]{16,}$/.test(line)),
    );
    expect(secrets.length).toBeGreaterThan(5);
    for (const secret of secrets) {
      for (const form of [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')])
        expect(shown.includes(form)).toBe(false);
    }
  });
});
