import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { Secret } from '@redoubt/secrets';
import { createTestAuthority, loopbackServer } from '@redoubt/testing';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { expect, it } from 'vitest';
import { connectValkey } from '../../src/index.ts';
import { createRecordedLog } from '../recorded-log.ts';

it('SR-28: a connection that comes back shows the certificate that holds then, and trusts who is trusted then', async () => {
  const [authority, clients] = [createTestAuthority(), createTestAuthority()];
  const { certificate: cert, key } = authority.issue(loopbackServer);
  const sockets: TLSSocket[] = [];
  const shown = new Set<string | undefined>();
  const server = createServer({ cert, key, ca: clients.certificate, requestCert: true }, (socket) => {
    sockets.push(socket);
    shown.add(socket.getPeerX509Certificate()?.fingerprint256);
    socket.on('error', () => undefined).on('data', () => socket.write('+PONG\r\n'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const material = (ca: string) => {
    const { certificate, key } = clients.issue();
    return { ca, certificate, privateKey: Secret.of(key) };
  };
  let current = material(clients.certificate);
  const url = `rediss://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = connectValkey({ url, keyPrefix: 'test:', tls: () => current, logger: createRecordedLog() });
  const answers = (): Promise<boolean> =>
    store.ping().then(
      () => true,
      () => false,
    );
  expect(await answers()).toBe(false);
  for (const next of [material(authority.certificate), material(authority.certificate)]) {
    current = next;
    sockets.at(-1)?.destroy();
    await eventually('the store is back', answers);
  }
  expect(shown.size).toBe(2);
  expect(shown).not.toContain(undefined);
  await store.close();
  for (const socket of sockets) socket.destroy();
  server.close();
});
