import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadSettings, SettingsError } from '@redoubt/config';
import { createTestAuthority } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { databaseTrust, sharedStoreTrust } from '../src/tls/server-trust.ts';
import { sampleSettings } from './support/sample-service.ts';

const [first, second] = [createTestAuthority().certificate, createTestAuthority().certificate];
let directory: string;
let file: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trust-'));
  file = join(directory, 'ca.pem');
});
afterAll(() => rm(directory, { recursive: true }));

function settings(environment: Record<string, string>) {
  return loadSettings(sampleSettings, { NODE_ENV: 'development', ...environment });
}

/** What a new connection believes, of the database and of the shared store. */
function believed() {
  const database = databaseTrust(settings({ DATABASE_TLS: 'verify-full', DATABASE_CA_FILE: file })).ssl;
  const store = sharedStoreTrust(settings({ VALKEY_URL: 'rediss://127.0.0.1', VALKEY_CA_FILE: file })).tls;
  return () => [database?.().ca, store?.().ca];
}

describe('the authorities that servers are believed by', () => {
  it('SR-28, SR-52: are read anew for each connection', async () => {
    await writeFile(file, first);
    const now = believed();
    expect(now()).toEqual([first, first]);
    await writeFile(file, second);
    expect(now()).toEqual([second, second]);
  });

  it.each(['', '\n', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'SR-28: stay when the file holds %j, which would mean everybody that the public authorities know',
    async (content) => {
      await writeFile(file, first);
      const now = believed();
      await writeFile(file, content);
      expect(now()).toEqual([first, first]);
    },
  );

  it('SR-28: stay when the file is gone', async () => {
    await writeFile(file, first);
    const now = believed();
    await rm(file);
    expect(now()).toEqual([first, first]);
  });

  it('SR-53: stop the start when they cannot be read', async () => {
    await writeFile(file, 'no certificate');
    expect(believed).toThrow(SettingsError);
  });

  it('are asked for by nobody who wants no TLS', () => {
    expect(databaseTrust(settings({ DATABASE_TLS: 'off' }))).toEqual({});
    expect(sharedStoreTrust(settings({ VALKEY_URL: 'redis://127.0.0.1' }))).toEqual({});
  });
});
