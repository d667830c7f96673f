import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';

import { loadSettings } from '@redoubt/config';
import { Secret } from '@redoubt/secrets';
import { createTestService } from '@redoubt/service/testing';
import { createLiveSecret, createTestAuthority, loopbackServer } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { sampleService } from '../src/service.ts';
import { api, settings } from '../src/settings.ts';

const SERVICE_ID = 'spiffe://redoubt.internal/sample-service';

const [servers, clients, strangers] = [createTestAuthority(), createTestAuthority(), createTestAuthority()];
const identity = clients.issue({ names: [{ kind: 'uri', value: SERVICE_ID }] });

/** Stands in for api: says to whom it talks, by the certificate of the connection, and to nobody without one. */
function createPeer(): Server {
  const { certificate: cert, key } = servers.issue(loopbackServer);
  const options = { cert, key, ca: clients.certificate, requestCert: true, rejectUnauthorized: true } as const;
  return createServer(options, ({ socket }, response) => {
    const name = socket instanceof TLSSocket ? socket.getPeerCertificate().subjectaltname : undefined;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ serviceId: name?.replace(/^URI:/, '') }));
  });
}

let directory: string;
const peer = createPeer();
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'peers-'));
  writeFileSync(join(directory, 'client.pem'), identity.certificate);
  writeFileSync(join(directory, 'servers.pem'), servers.certificate);
  writeFileSync(join(directory, 'strangers.pem'), strangers.certificate);
  const { promise, resolve } = Promise.withResolvers<undefined>();
  peer.listen(0, '127.0.0.1', () => resolve(undefined));
  await promise;
});
afterAll(() => {
  peer.close();
  rmSync(directory, { recursive: true });
});

/** What an administrator gets, when api is believed by that authority. */
async function ask(authority: 'servers' | 'strangers') {
  const { port } = peer.address() as AddressInfo;
  const environment = {
    NODE_ENV: 'development',
    API_URL: `https://127.0.0.1:${port}`,
    API_CA_FILE: join(directory, `${authority}.pem`),
    API_CERTIFICATE_FILE: join(directory, 'client.pem'),
    API_KEY: 'env://NOT_READ_HERE',
  };
  const calls = api.open(loadSettings(settings, environment), { API_KEY: createLiveSecret(Secret.of(identity.key)) });
  const service = await createTestService(sampleService, { adapters: { api: calls } });
  try {
    return await service.app.inject({ url: '/api/peers/api', headers: await service.as('admin') });
  } finally {
    await service.close();
  }
}

describe('a call to api', () => {
  it('SR-28: proves who calls, by the certificate of this service', async () => {
    const answer = await ask('servers');
    expect([answer.statusCode, answer.json()]).toEqual([200, { serviceId: SERVICE_ID }]);
  });

  it('SR-28: says nothing to somebody whom another authority vouches for', async () => {
    expect((await ask('strangers')).statusCode).toBe(503);
  });
});
