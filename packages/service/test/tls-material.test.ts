import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { loadSettings } from '@redoubt/config';
import { createLogger } from '@redoubt/logging';
import { type LiveSecret, Secret } from '@redoubt/secrets';
import { type TlsMaterial, watchTlsMaterial } from '@redoubt/server';
import {
  createLiveSecret,
  createLogCapture,
  createTestAuthority,
  loopbackServer,
  type TestCertificate,
} from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTlsReader } from '../src/tls/read-tls-material.ts';
import { sampleSettings } from './support/sample-service.ts';

const authority = createTestAuthority();
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tls-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Mounts a certificate as Kubernetes does: a new folder, then the swap of a link to it. */
async function mount(version: string, { certificate, key }: TestCertificate): Promise<void> {
  const folder = join(directory, version);
  await mkdir(folder);
  await writeFile(join(folder, 'certificate.pem'), certificate);
  await writeFile(join(folder, 'key.pem'), key, { mode: 0o600 });
  await writeFile(join(folder, 'authority.pem'), authority.certificate);
  await symlink(folder, join(directory, 'next'));
  await rename(join(directory, 'next'), join(directory, 'current'));
}

function createReader(key: LiveSecret) {
  const file = (name: string) => join(directory, 'current', name);
  const settings = loadSettings(sampleSettings, {
    NODE_ENV: 'development',
    TLS_CERTIFICATE_FILE: file('certificate.pem'),
    TLS_KEY: pathToFileURL(file('key.pem')).href,
    TLS_CLIENT_CA_FILE: file('authority.pem'),
    ALLOWED_EDGES: 'spiffe://example.internal/edge',
  });
  const read = createTlsReader(settings, key);
  if (read === undefined) throw new Error('the settings ask for TLS');
  return read;
}

describe('the TLS material of the service', () => {
  it('SR-51, SR-52: comes from files and a secret, is found again when both change, and does not print its key', async () => {
    const [first, second] = [authority.issue(loopbackServer), authority.issue(loopbackServer)];
    await mount('1', first);
    const key = createLiveSecret(Secret.of(first.key));
    const read = createReader(key);
    const initial = await read();
    expect(initial).toMatchObject({ certificate: first.certificate, clientAuthority: authority.certificate });
    expect(JSON.stringify(initial)).not.toContain('PRIVATE');

    const applied: TlsMaterial[] = [];
    const log = createLogCapture();
    const logger = createLogger({ service: 'test', level: 'info', destination: log.destination });
    const watch = watchTlsMaterial({ read, apply: (material) => applied.push(material), initial, logger });
    await mount('2', second);
    key.change(Secret.of(second.key));
    await watch.reload();
    expect(applied.map((material) => [material.certificate, material.key.expose()])).toStrictEqual([
      [second.certificate, second.key],
    ]);
    watch.close();
  });

  it('is not asked for by default', () => {
    const settings = loadSettings(sampleSettings, { NODE_ENV: 'development' });
    expect(createTlsReader(settings, undefined)).toBeUndefined();
  });
});
