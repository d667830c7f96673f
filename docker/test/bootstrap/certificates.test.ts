import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';

import { createPeerIdentifier } from '@redoubt/auth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Stage } from './support/stage.ts';

const run = promisify(execFile);

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.create();
  await stage.run({ edgeNames: 'service.test' });
});
afterAll(() => stage.dispose());

async function certificateOf(name: string): Promise<X509Certificate> {
  return new X509Certificate(await stage.read(name));
}

const leaves = [
  ['edge-secrets/tls-certificate.pem', 'edge', 'sslserver'],
  ['edge-secrets/client-certificate.pem', 'client', 'sslclient'],
  ['api-secrets/tls-certificate.pem', 'server', 'sslserver'],
  ['postgres-secrets/tls-certificate.pem', 'server', 'sslserver'],
  ['valkey-secrets/tls-certificate.pem', 'server', 'sslserver'],
  ['mail-secrets/tls-certificate.pem', 'server', 'sslserver'],
] as const;

describe('every certificate', () => {
  it.each(leaves)('SR-28: %s is one of the %s authority for OpenSSL, as %s', async (name, authority, purpose) => {
    const trusted = ['-CAfile', stage.path(`authority/${authority}-authority.pem`), '-no-CApath', '-no-CAstore'];
    const verify = (use: string) =>
      run('openssl', ['verify', '-x509_strict', '-purpose', use, ...trusted, stage.path(name)]);
    expect((await verify(purpose)).stdout).toContain(': OK');
    await expect(verify(purpose === 'sslserver' ? 'sslclient' : 'sslserver')).rejects.toThrow(
      /unsuitable|unsupported/i,
    );
  });

  it.each(leaves)('SR-28: %s lives 90 days at most, and its key is its own', async (name) => {
    const certificate = await certificateOf(name);
    const days = (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / 86_400_000;
    expect(days).toBeLessThanOrEqual(90);
    const key = createPrivateKey(await stage.read(name.replace('certificate', 'key')));
    expect(certificate.checkPrivateKey(key)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  });

  it('has a serial number of its own, of 128 bits', async () => {
    const numbers = await Promise.all(leaves.map(async ([name]) => (await certificateOf(name)).serialNumber));
    expect(new Set(numbers).size).toBe(leaves.length);
    for (const number of numbers) expect(number.length).toBeGreaterThanOrEqual(28);
  });

  it.each(['edge', 'server', 'client'])('SR-28: the %s authority may sign leaves and no authority', async (name) => {
    const { stdout } = await run('openssl', [
      'x509',
      '-noout',
      '-text',
      '-in',
      stage.path(`authority/${name}-authority.pem`),
    ]);
    expect(stdout).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(stdout).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign/);
  });
});

describe('the certificate of the edge', () => {
  it('has the names of the loopback and those that were asked for', async () => {
    const { subjectAltName } = await certificateOf('edge-secrets/tls-certificate.pem');
    expect(subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:service.test');
  });

  it('SR-28: as a client is the edge, by the rule of the service', async () => {
    const certificate = await certificateOf('edge-secrets/client-certificate.pem');
    const serviceId = 'spiffe://redoubt.internal/edge';
    const identify = createPeerIdentifier({ services: [], edges: [serviceId], readCertificate: () => certificate });
    expect(identify({ socket: {} } as IncomingMessage)).toEqual({ kind: 'edge', serviceId });
  });
});

describe('a TLS 1.3 connection between edge and service', () => {
  const client = { cert: 'edge-secrets/client-certificate.pem', key: 'edge-secrets/client-key.pem' };

  it('SR-28: is made, each side proven', async () => {
    expect(await handshake(client)).toEqual({ server: 'authorized', client: 'api' });
  });

  it.each(['mail', 'edge', 'valkey'])('SR-28: is refused to who shows the server certificate of %s', async (party) => {
    const shown = { cert: `${party}-secrets/tls-certificate.pem`, key: `${party}-secrets/tls-key.pem` };
    expect(await handshake(shown)).toMatchObject({ server: expect.not.stringMatching('^authorized$') as unknown });
  });

  /** What each side makes of the other. */
  async function handshake({ cert, key }: { cert: string; key: string }) {
    const server = createServer({
      cert: await stage.read('api-secrets/tls-certificate.pem'),
      key: await stage.read('api-secrets/tls-key.pem'),
      ca: await stage.read('api-secrets/client-authority.pem'),
      minVersion: 'TLSv1.3',
      requestCert: true,
      rejectUnauthorized: false,
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      servername: 'api',
      ca: await stage.read('edge-secrets/server-authority.pem'),
      cert: await stage.read(cert),
      key: await stage.read(key),
    });
    try {
      const [[accepted]] = (await Promise.all([once(server, 'secureConnection'), once(socket, 'secureConnect')])) as [
        [TLSSocket],
        unknown,
      ];
      const seen = accepted.authorized ? 'authorized' : String(accepted.authorizationError);
      return { server: seen, client: socket.getPeerX509Certificate()?.checkHost('api') };
    } finally {
      socket.destroy();
      server.close();
    }
  }
});
