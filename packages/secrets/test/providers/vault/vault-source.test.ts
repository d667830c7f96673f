import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutboundError } from '@redoubt/outbound';
import {
  createFaultProxy,
  createTestAuthority,
  createVaultStandIn,
  pathsToCanary,
  VaultAdmin,
  type VaultStandIn,
} from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SecretError } from '../../../src/index.ts';
import { createSecretSources, Secret, type SecretMode, type VaultSourceOptions } from '../../../src/index.ts';
import { unending, vaultReference } from './vault-under-test.ts';

let standIn: VaultStandIn;
let admin: VaultAdmin;
let folder: string;
const reference = vaultReference('kv/app');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vault-source-'));
  standIn = await createVaultStandIn();
  admin = new VaultAdmin({ ...standIn, token: standIn.rootToken });
  await admin.mountKv('kv', '2');
  await admin.putDocument('kv', 'app', { password: 'p' });
});

afterAll(async () => {
  await admin.close();
  await standIn.close();
  await rm(folder, { recursive: true });
});

const appRole = { method: 'approle', roleId: 'role', secretId: Secret.of('secret-id') } as const;

function sourcesOf(vault: VaultSourceOptions, mode: SecretMode = 'production') {
  return createSecretSources({ environment: {}, mode, vault });
}

/** The root token: as a developer has it. */
function asDeveloper(): VaultSourceOptions['auth'] {
  return { method: 'token', token: Secret.of(standIn.rootToken) };
}

async function readFrom(vault: VaultSourceOptions, mode: SecretMode): Promise<string> {
  const sources = sourcesOf(vault, mode);
  try {
    const provider = await sources.providerOf(reference);
    return (await provider.read(reference, unending())).text;
  } finally {
    await sources.close();
  }
}

describe('the options of Vault', () => {
  it('SR-51: are needed: without them a reference is not configured', async () => {
    const sources = createSecretSources({ environment: {}, mode: 'production' });
    await expect(sources.providerOf(reference)).rejects.toMatchObject({ code: 'not-configured' });
  });

  it.each<readonly [string, string, SecretMode]>([
    ['plain http in production', 'http://127.0.0.1:8200', 'production'],
    ['plain http to another machine in development', 'http://vault.internal:8200', 'development'],
    ['plain http to a name that looks like the loopback', 'http://localhost.example:8200', 'development'],
    ['plain http to an address that looks like the loopback', 'http://127.0.0.1.example:8200', 'development'],
    ['a path', 'https://vault.internal:8200/v1', 'production'],
    ['a name and a password', 'https://user:canary@vault.internal:8200', 'production'],
    ['another scheme', 'ftp://vault.internal', 'development'],
    ['no address', 'canary', 'production'],
  ])('SR-28: refuse %s', (_what, address, mode) => {
    const attempt = (): unknown => sourcesOf({ address, auth: appRole }, mode);
    expect(attempt).toThrow(TypeError);
    expect(attempt).not.toThrow(/canary/);
  });

  it('SR-51: refuse a fixed token in production', () => {
    const attempt = (): unknown => sourcesOf({ address: standIn.address, auth: asDeveloper() });
    expect(attempt).toThrow('A fixed token of Vault is for development: production signs in');
  });

  it.each(['../sys', 'a//b', '/a', 'a?b', 'a b', 'a\r\nb', ''])(
    'SR-29: refuse %j as a mount or a namespace',
    (path) => {
      const address = 'https://vault.internal:8200';
      expect(() => sourcesOf({ address, auth: { ...appRole, mount: path } })).toThrow(TypeError);
      expect(() => sourcesOf({ address, auth: appRole, namespace: path })).toThrow(TypeError);
    },
  );

  it.each(['https://vault.internal', 'https://10.0.0.1:8200', 'https://[::1]:8200', 'https://vault.internal:8200/'])(
    'take %s',
    (address) => {
      expect(() => sourcesOf({ address, auth: { ...appRole, mount: 'team/approle' }, namespace: 'a/b' })).not.toThrow();
    },
  );
});

describe('the way to Vault', () => {
  it('SR-28: leads to a server whose certificate is of the given authority', async () => {
    const caFile = join(folder, 'authority.pem');
    await writeFile(caFile, standIn.authority);
    for (const address of [standIn.address, `${standIn.address}/`]) {
      const source = { address, caFile, auth: asDeveloper() };
      expect(await readFrom(source, 'development')).toBe('{"password":"p"}');
    }
  });

  it('SR-28: ends at a server whose certificate is of another authority, or of none that is public', async () => {
    const caFile = join(folder, 'other-authority.pem');
    await writeFile(caFile, createTestAuthority().certificate);
    for (const ca of [{ caFile }, {}]) {
      const outcome = readFrom({ address: standIn.address, ...ca, auth: asDeveloper() }, 'development');
      const fault: unknown = await outcome.catch((error: unknown) => error);
      expect(fault).toMatchObject({ code: 'unavailable' });
      expect((fault as SecretError).cause).toMatchObject({ code: 'tls' });
      expect((fault as SecretError).cause).toBeInstanceOf(OutboundError);
      expect(pathsToCanary(fault, standIn.rootToken)).toEqual([]);
    }
  });

  it('SR-28: says which file of authorities is missing, and takes it once it is there', async () => {
    const caFile = join(folder, 'late-authority.pem');
    const sources = sourcesOf({ address: standIn.address, caFile, auth: asDeveloper() }, 'development');
    const provider = await sources.providerOf(reference);
    const fault: unknown = await provider.read(reference, unending()).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'unreadable', cause: { code: 'not-found' } });
    await writeFile(caFile, standIn.authority);
    expect((await provider.read(reference, unending())).text).toBe('{"password":"p"}');
    await sources.close();
  });

  it('is plain http on the loopback of a developer', async () => {
    const proxy = await createFaultProxy({ upstream: { url: standIn.address, ca: standIn.authority } });
    expect(await readFrom({ address: proxy.url, auth: asDeveloper() }, 'development')).toBe('{"password":"p"}');
    await proxy.close();
  });

  it('SR-29: asks nothing but the API, and says what no page in a browser can say', async () => {
    const proxy = await createFaultProxy({ upstream: { url: standIn.address, ca: standIn.authority } });
    await readFrom({ address: proxy.url, auth: asDeveloper() }, 'development');
    expect(proxy.requests.map(({ headers }) => headers['x-vault-request'])).toEqual(proxy.requests.map(() => 'true'));
    expect(proxy.requests.every(({ path }) => path.startsWith('/v1/'))).toBe(true);
    await proxy.close();
  });

  it('SR-51: with a token that the server does not know is a refused sign-in', async () => {
    const proxy = await createFaultProxy({ upstream: { url: standIn.address, ca: standIn.authority } });
    const auth = { method: 'token', token: Secret.of('stranger') } as const;
    await expect(readFrom({ address: proxy.url, auth }, 'development')).rejects.toMatchObject({
      code: 'sign-in-failed',
    });
    await proxy.close();
  });
});

describe('answers to a sign-in', () => {
  it.each([
    ['no JSON', 'words'],
    ['no auth', '{"data":{}}'],
    ['no token', '{"auth":{"lease_duration":60,"renewable":true}}'],
    [
      'a token that would begin another header',
      '{"auth":{"client_token":"a\\r\\nb","lease_duration":60,"renewable":true}}',
    ],
    ['a duration that is no number', '{"auth":{"client_token":"token","lease_duration":"60"}}'],
    ['a duration below nothing', '{"auth":{"client_token":"token","lease_duration":-60}}'],
  ])('SR-51: with %s are malformed', async (_what, body) => {
    const proxy = await createFaultProxy({ upstream: { url: standIn.address, ca: standIn.authority } });
    proxy.inject({ kind: 'answer', answer: { status: 200, body } });
    const outcome = readFrom({ address: proxy.url, auth: appRole }, 'development');
    await expect(outcome).rejects.toMatchObject({ code: 'malformed-answer' });
    await proxy.close();
  });

  it.each(['"nowhere/"', '"kv"', '""', 'null', '7'])(
    'SR-51: to where a mount is that say %s are malformed, and lead nowhere',
    async (path) => {
      const proxy = await createFaultProxy({ upstream: { url: standIn.address, ca: standIn.authority } });
      const body = `{"data":{"path":${path},"type":"kv","options":{"version":"2"}}}`;
      proxy.inject(
        { kind: 'answer', answer: { status: 200, body } },
        { when: (seen) => seen.path.includes('/mounts/') },
      );
      const outcome = readFrom({ address: proxy.url, auth: asDeveloper() }, 'development');
      await expect(outcome).rejects.toMatchObject({ code: 'malformed-answer' });
      expect(proxy.requests.some((seen) => seen.path.includes('/data/'))).toBe(false);
      await proxy.close();
    },
  );
});
