import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { loadSettings, SettingsError } from '@redoubt/config';
import { createSecretResolver, createSecretSources, SecretError } from '@redoubt/secrets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readSignedCallers } from '../src/signed-callers/read-signed-callers.ts';
import { createSigningService } from '../testing/signing-service.ts';
import { BILLING, EDGE } from '../testing/test-peers.ts';
import { sampleSettings } from './support/sample-service.ts';

const ENVIRONMENT = {
  PUBLIC_URL: 'https://api.service.example',
  TOKEN_AUDIENCE: 'service',
  SECURITY_CONTACT: 'mailto:security@service.example',
  SIGNING_KEY: 'file:///run/secrets/signing-key',
  DATABASE_URL: 'postgres://runtime@database.internal/service',
  VALKEY_URL: 'rediss://valkey.internal:6379',
  MAIL_URL: 'smtps://service@mail.internal',
  MAIL_FROM: 'service@service.example',
  TLS_CERTIFICATE_FILE: '/run/tls/certificate.pem',
  TLS_KEY: 'file:///run/tls/key.pem',
  TLS_CLIENT_CA_FILE: '/run/tls/authority.pem',
  ALLOWED_EDGES: EDGE,
};

const pair = createSigningService('billing-1', BILLING).caller;

let directory: string;
let shared: { keyId: string; service: string; algorithm: string; secret: string };
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'callers-'));
  shared = { keyId: 'billing-2', service: BILLING, algorithm: 'hmac-sha256', secret: await writeSecret('good') };
});
afterAll(() => rm(directory, { recursive: true }));

async function writeSecret(name: string, text = randomBytes(48).toString('base64')): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  await chmod(path, 0o400);
  return pathToFileURL(path).href;
}

async function read(content: unknown, environment: Record<string, string> = ENVIRONMENT) {
  const path = join(directory, 'callers.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  const settings = loadSettings(sampleSettings, { ...environment, SIGNED_CALLERS_FILE: path });
  const sources = createSecretSources({ environment: { BILLING_SECRET: 'c4n4ry' }, mode: settings.NODE_ENV });
  return readSignedCallers(settings, createSecretResolver(sources));
}

async function faultsOf(content: unknown): Promise<string> {
  const error: unknown = await read(content).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(SettingsError);
  return (error as SettingsError).message;
}

describe('the file of signed callers', () => {
  it('SR-42: says whose signatures are taken; without it nobody has one', async () => {
    const [first, second] = await read([pair, shared]);
    expect(first).toStrictEqual(pair);
    expect(second).toMatchObject({ keyId: 'billing-2', service: BILLING, algorithm: 'hmac-sha256' });
    const secrets = createSecretResolver(createSecretSources({ environment: {}, mode: 'production' }));
    expect(await readSignedCallers(loadSettings(sampleSettings, ENVIRONMENT), secrets)).toStrictEqual([]);
  });

  const privatePem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
  const broken: Readonly<Record<string, readonly [() => unknown, string]>> = {
    'is no JSON': [() => 'c4n4ry', 'JSON'],
    'names a member twice': [() => '[{"keyId":"c4n4ry","keyId":"c4n4ry"}]', 'JSON'],
    'is no list': [() => pair, 'at /'],
    'is empty': [() => [], 'at /'],
    'has a field that is misspelt': [() => [{ ...pair, publickey: 'c4n4ry' }], '/0'],
    'has a secret beside a public key': [() => [{ ...pair, secret: 'c4n4ry' }], '/0'],
    'names another algorithm': [() => [{ ...pair, algorithm: 'rsa-v1_5-sha256' }], '/0'],
    'names no algorithm': [() => [{ ...pair, algorithm: undefined }], '/0'],
    'names a service by another name': [() => [{ ...pair, service: 'c4n4ry' }], '/0/service'],
    'makes the edge a caller': [() => [{ ...pair, service: EDGE }], '/0/service'],
    'has a key id that no request can name': [() => [{ ...pair, keyId: 'c4n4ry c4n4ry' }], '/0/keyId'],
    'has a key id twice': [() => [pair, { ...shared, keyId: pair.keyId }], '/1/keyId'],
    'has a key twice': [() => [pair, { ...pair, keyId: 'c4n4ry' }], '/1/publicKey'],
    'has a private key in the place of a public one': [() => [{ ...pair, publicKey: privatePem }], '/0/publicKey'],
    'has a key of another kind': [() => [{ ...pair, publicKey: ec }], '/0/publicKey'],
    'has a secret in the place of its reference': [() => [{ ...shared, secret: 'c4n4ry' }], '/0/secret'],
    'has a secret from the environment in production': [
      () => [{ ...shared, secret: 'env://BILLING_SECRET' }],
      '/0/secret',
    ],
    'has a secret that is not there': [() => [{ ...shared, secret: 'file:///c4n4ry' }], '/0/secret'],
    'has a secret that is too short': [
      async () => [{ ...shared, secret: await writeSecret('short', 'c4n4ry') }],
      '/0/secret',
    ],
    'is larger than 64 KiB': [() => ' '.repeat(64 * 1024 + 1), '64 KiB'],
  };
  for (const [what, [content, place]] of Object.entries(broken)) {
    it(`SR-53: stops the service when it ${what}, and the error shows no value`, async () => {
      const message = await faultsOf(await content());
      expect(message).toContain('SIGNED_CALLERS_FILE');
      expect(message).toContain(place);
      expect(message).not.toContain('c4n4ry');
    });
  }

  it('SR-53: tells all faults of its secrets at once, and all of its keys', async () => {
    const secrets = await faultsOf([{ ...shared, secret: 'x' }, pair, { ...shared, secret: 'y' }]);
    for (const place of ['/0/secret', '/2/secret']) expect(secrets).toContain(place);
    const keys = await faultsOf([
      { ...pair, service: 'x' },
      { ...shared, keyId: ' ' },
    ]);
    for (const place of ['/0/service', '/1/keyId']) expect(keys).toContain(place);
  });

  it('is not blamed for a source of secrets that is away', async () => {
    const path = join(directory, 'callers.json');
    await writeFile(path, JSON.stringify([shared]));
    const settings = loadSettings(sampleSettings, { ...ENVIRONMENT, SIGNED_CALLERS_FILE: path });
    const resolve = () => Promise.reject(new SecretError('unavailable', shared.secret));
    await expect(readSignedCallers(settings, { resolve })).rejects.toThrow(SecretError);
  });

  it('SR-53: stops the service when it is not there', async () => {
    const settings = loadSettings(sampleSettings, { ...ENVIRONMENT, SIGNED_CALLERS_FILE: join(directory, 'absent') });
    const secrets = createSecretResolver(createSecretSources({ environment: {}, mode: 'production' }));
    await expect(readSignedCallers(settings, secrets)).rejects.toThrow(SettingsError);
  });
});
