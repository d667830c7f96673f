import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import type { Environment } from '@redoubt/config';
import { createVaultStandIn, SERVER_AUTHENTICATION, VaultAdmin, type VaultStandIn } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { createEmail, createPassword } from './support/journey.ts';
import { bytesOf, findPrivateAddress } from './support/own-address.ts';
import { EDGE, ProfileServers } from './support/profile-servers.ts';
import type { Replica } from './support/real-servers.ts';
import { TlsClient } from './support/tls-client.ts';

/** How a TLS listener ends a connection without a client certificate, as the client happens to notice. */
const REFUSED = /certificate required|ECONNRESET|socket hang up|EPIPE/;

let servers: ProfileServers;
beforeAll(async () => {
  servers = await ProfileServers.prepare();
});
afterAll(() => servers.close());

function portOf({ origin }: Replica): number {
  return Number(new URL(origin).port);
}

/** Addresses that the log has for an event of the replica. */
function addressesOf({ child }: Replica, event: string): readonly string[] {
  const lines = child.output().split('\n');
  return lines.flatMap((line) =>
    line.includes(`"name":"${event}"`)
      ? (/"clientAddress":"(?<address>[^"]+)"/.exec(line)?.groups?.['address'] ?? [])
      : [],
  );
}

/** Fails to sign in, from an address of the loopback, and as what a hop says of the client. */
async function failToSignIn(
  replica: Replica,
  from: string,
  headers: Record<string, string>,
): Promise<number | undefined> {
  const body = JSON.stringify({ email: createEmail(), password: createPassword() });
  const sent = request({
    host: '127.0.0.1',
    port: portOf(replica),
    localAddress: from,
    method: 'POST',
    path: '/api/auth/login',
    headers: { 'content-type': 'application/json', ...headers },
  }).end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

/** The doctor calls the settings of a running replica what the profile wants, and finds nothing that stops a start. */
async function expectClean(profile: string, settings: Environment): Promise<void> {
  const { code, document } = await servers.examine(profile, settings);
  const { profile: compared, findings } = document;
  expect(compared?.expectations.filter(({ status }) => status !== 'ok' && status !== 'elsewhere')).toEqual([]);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(code).toBe(0);
}

describe('the profile start-up', () => {
  it('SR-53: starts on servers that prove who they are, without a password to sign in with', async () => {
    const issuers = [
      {
        issuer: 'https://login.service.test',
        audience: 'billing',
        algorithms: ['ES256'],
        roles: { claim: ['roles'], map: [] },
      },
    ];
    const settings = await servers.settings('start-up', {
      TRUSTED_ISSUERS_FILE: await servers.write('issuers.json', JSON.stringify(issuers)),
    });
    const replica = await servers.start(settings);
    expect(await failToSignIn(replica, '127.0.0.1', {})).toBe(404);
    expect((await fetch(new URL('/api/users/me', replica.origin))).status).toBe(401);
    await expectClean('start-up', settings);
  });
});

describe('the profile legacy', () => {
  it('SR-23: takes the client of the gateway for the client, and from nobody else', async () => {
    const settings = await servers.settings('legacy', { ALLOWED_HOSTS: 'gateway-backend.internal' });
    const replica = await servers.start(settings);
    const host = 'gateway-backend.internal';
    expect(await failToSignIn(replica, '127.0.0.1', { host, 'x-forwarded-for': '198.51.100.7' })).toBe(401);
    expect(await failToSignIn(replica, '127.0.0.2', { host, 'x-forwarded-for': '198.51.100.8' })).toBe(401);
    expect(await failToSignIn(replica, '127.0.0.1', { host, 'x-real-ip': '198.51.100.9' })).toBe(401);
    await vi.waitUntil(() => addressesOf(replica, 'authn_login_fail').length === 3);
    expect(addressesOf(replica, 'authn_login_fail')).toEqual(['198.51.100.7', '127.0.0.2', '127.0.0.1']);
    await expectClean('legacy', settings);
  });
});

describe('the profile high-throughput', () => {
  it('SR-22, SR-34: has room behind the edge, the limits of sign-in as ever, and marks what a cache may keep', async () => {
    const settings = await servers.settings('high-throughput', await servers.mutualTls());
    const replica = await servers.start(settings);
    const edge = new TlsClient(portOf(replica), servers.authority.certificate, servers.peer(EDGE));
    const from = { 'x-forwarded-for': '198.51.100.20' };
    const anonymous = await edge.get('/api/users/me', from);
    expect([anonymous.status, anonymous.headers['ratelimit-limit']]).toEqual([401, '45000']);
    expect(anonymous.headers['cache-control']).toContain('no-store');
    const account = { email: createEmail(), password: createPassword() };
    expect((await edge.post('/api/auth/login', account, from)).headers['ratelimit-limit']).toBe('10');
    const { headers } = await edge.get('/.well-known/jwks.json', from);
    expect(headers['cache-control']).toMatch(/^public, max-age=\d+/);
    expect(headers['set-cookie']).toBeUndefined();
    edge.close();
    const past = new TlsClient(portOf(replica), servers.authority.certificate);
    await expect(past.get('/.well-known/jwks.json')).rejects.toThrow(REFUSED);
    past.close();
    await expectClean('high-throughput', settings);
  });
});

describe('the profile enterprise', () => {
  const siemAddress = findPrivateAddress();
  const alerts: string[] = [];
  const siem = createServer();
  let vault: VaultStandIn;
  let settings: Environment;
  let replica: Replica;

  beforeAll(async () => {
    vault = await createVaultStandIn();
    const tls = await servers.mutualTls();
    const authority = await servers.write('vault-authority.pem', vault.authority);
    settings = await servers.settings('enterprise', {
      ...tls,
      TLS_KEY: 'vault://secret/service#tls_key',
      ...Object.fromEntries(
        ['SIGNING_KEY', 'DATABASE_PASSWORD', 'VALKEY_PASSWORD'].map((name) => [
          name,
          `vault://secret/service#${name.toLowerCase()}`,
        ]),
      ),
      VAULT_ADDR: vault.address,
      VAULT_CACERT: authority,
      ...(await prepareVault(tls)),
      ALERT_WEBHOOK_URL: await startSiem(),
    });
    const trust = await servers.write('siem-authority.pem', servers.authority.certificate);
    replica = await servers.start({ ...settings, NODE_EXTRA_CA_CERTS: trust });
  });
  afterAll(async () => {
    siem.closeAllConnections();
    siem.close();
    await vault.close();
  });

  /** Every secret of the service in Vault, an AppRole that may read them, and its proof in a file. */
  async function prepareVault({ TLS_KEY = '' }: Environment): Promise<Environment> {
    const admin = new VaultAdmin({ address: vault.address, authority: vault.authority, token: vault.rootToken });
    const secrets = Object.entries(await servers.secrets()).map(([name, value]) => [name.toLowerCase(), value]);
    await admin.mountKv('secret', '2');
    await admin.putDocument('secret', 'service', {
      ...(Object.fromEntries(secrets) as Record<string, string>),
      tls_key: await readFile(new URL(TLS_KEY), 'utf8'),
      mail_password: createPassword(),
      alert_webhook_key: createPassword() + createPassword(),
    });
    await admin.putPolicy('service', { 'secret/data/service': ['read'] });
    await admin.enableAuth('approle', 'approle');
    const role = { token_policies: ['service'], token_ttl: 600 };
    return {
      VAULT_ROLE_ID: await admin.createAppRole('approle', 'service', role),
      VAULT_SECRET_ID_FILE: await servers.write('secret-id', await admin.createSecretId('approle', 'service')),
    };
  }

  async function startSiem(): Promise<string> {
    const address = siemAddress ?? '127.0.0.1';
    const { certificate, key } = servers.authority.issue({
      usages: [SERVER_AUTHENTICATION],
      names: [{ kind: 'ip', value: bytesOf(address) }],
    });
    siem.setSecureContext({ cert: certificate, key });
    siem.on('request', (incoming: IncomingMessage, response) => {
      void text(incoming).then((body) => {
        if (incoming.headers['signature-input'] !== undefined) alerts.push(body);
        return response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => {
      siem.listen(0, address, resolve);
    });
    const { port, family } = siem.address() as AddressInfo;
    // Where this machine has no private address, alerts have nowhere to go that production may call.
    if (siemAddress === undefined) return `https://siem.service.test:${port}/alerts`;
    return `https://${family === 'IPv6' ? `[${address}]` : address}:${port}/alerts`;
  }

  it('SR-28: refuses who has no client certificate, and who is not the edge', async () => {
    const [stranger, other, edge] = [
      new TlsClient(portOf(replica), servers.authority.certificate),
      new TlsClient(portOf(replica), servers.authority.certificate, servers.peer('spiffe://service.test/other')),
      new TlsClient(portOf(replica), servers.authority.certificate, servers.peer(EDGE)),
    ];
    await expect(stranger.get('/.well-known/jwks.json')).rejects.toThrow(REFUSED);
    expect((await other.get('/.well-known/jwks.json')).status).toBe(403);
    expect((await edge.get('/.well-known/jwks.json')).status).toBe(200);
    for (const client of [stranger, other, edge]) client.close();
  });

  it('SR-45, SR-51: signs people in by secrets that Vault alone has, and writes each event where the SIEM collects', async () => {
    const edge = new TlsClient(portOf(replica), servers.authority.certificate, servers.peer(EDGE));
    const from = { 'x-forwarded-for': '198.51.100.30' };
    expect((await edge.post('/api/auth/login', servers.real.administrator, from)).status).toBe(200);
    edge.close();
    await vi.waitUntil(() => addressesOf(replica, 'authn_login_success').length > 0);
    expect(addressesOf(replica, 'authn_login_success')).toEqual(['198.51.100.30']);
    for (const secret of Object.values(await servers.secrets())) expect(replica.child.output()).not.toContain(secret);
  });

  it.skipIf(siemAddress === undefined)('SR-46: rings at the SIEM, signed', async () => {
    const edge = new TlsClient(portOf(replica), servers.authority.certificate, servers.peer(EDGE));
    const { email } = servers.real.administrator;
    for (let attempt = 0; attempt < 14; attempt += 1)
      await edge.post('/api/auth/login', { email, password: createPassword() }, { 'x-forwarded-for': '198.51.100.31' });
    edge.close();
    await vi.waitUntil(() => alerts.some((alert) => alert.includes('alert_password_guessing')), 10_000);
    expect(alerts.join('\n')).toContain('alert_password_guessing');
  });

  it('SR-53: is what the doctor calls clean, and one reference that is not of Vault is not', async () => {
    await expectClean('enterprise', settings);
    const { SIGNING_KEY = '' } = servers.real.settingsBy({ postgres: 0, valkey: 0 });
    const { code, document } = await servers.examine('enterprise', { ...settings, SIGNING_KEY });
    expect(code).toBe(78);
    expect(document.profile?.expectations.filter(({ status }) => status !== 'ok')).toMatchObject([
      { setting: 'SIGNING_KEY', status: 'differs' },
    ]);
  });
});
