import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platform } from 'node:process';

import { loadSettings, SettingsError } from '@redoubt/config';
import { readTrustedIssuers } from '@redoubt/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { roles } from '../src/access.ts';
import { serviceSettings } from '../src/settings.ts';

const PRODUCTION = {
  PUBLIC_URL: 'https://api.service.example',
  TOKEN_AUDIENCE: 'service',
  SECURITY_CONTACT: 'mailto:security@service.example',
  SIGNING_KEY: 'file:///run/secrets/signing-key',
  DATABASE_URL: 'postgres://runtime@database.internal/service',
  VALKEY_URL: 'rediss://valkey.internal:6379',
  MAIL_URL: 'smtps://service@mail.internal',
  MAIL_FROM: 'service@service.example',
};

const fine = {
  issuer: 'https://id.example.com',
  audience: 'https://api.service.example',
  algorithms: ['ES256'],
  roles: { claim: ['roles'], map: [{ value: 'operators', role: 'admin' }] },
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'issuers-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function read(content: unknown, environment: Record<string, string> = PRODUCTION) {
  const path = join(directory, 'issuers.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readTrustedIssuers(loadSettings(serviceSettings, { ...environment, TRUSTED_ISSUERS_FILE: path }), roles);
}

async function faultsOf(content: unknown, environment?: Record<string, string>): Promise<string> {
  const error: unknown = await read(content, environment).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(SettingsError);
  return (error as SettingsError).message;
}

describe('the file of trusted issuers', () => {
  it('SR-15: says whom the service trusts; without it nobody', async () => {
    expect(await read([fine])).toEqual([fine]);
    expect(await readTrustedIssuers(loadSettings(serviceSettings, PRODUCTION), roles)).toEqual([]);
  });

  const broken: Readonly<Record<string, readonly [unknown, string]>> = {
    'is no JSON': ['c4n4ry', 'JSON'],
    'names a member twice': ['[{"issuer":"c4n4ry","issuer":"c4n4ry"}]', 'JSON'],
    'is no list': [fine, 'at /'],
    'is empty': [[], 'at /'],
    'has a field that is misspelt': [[{ ...fine, jwksUri: 'https://c4n4ry.example' }], '/0/jwksUri'],
    'lacks an audience': [[{ ...fine, audience: undefined }], '/0/audience'],
    'allows HS256': [[{ ...fine, algorithms: ['HS256'] }], '/0/algorithms'],
    'allows none': [[{ ...fine, algorithms: ['none'] }], '/0/algorithms'],
    'allows no algorithm': [[{ ...fine, algorithms: [] }], '/0/algorithms'],
    'trusts plain http': [[{ ...fine, issuer: 'http://c4n4ry.example' }], '/0/issuer'],
    'trusts this machine in production': [[{ ...fine, issuer: 'http://127.0.0.1', reach: 'loopback' }], '/0/reach'],
    'trusts the service itself': [[{ ...fine, issuer: PRODUCTION.PUBLIC_URL }], '/0/issuer'],
    'trusts an issuer twice': [[fine, fine], '/1/issuer'],
    'gives a role that there is not': [
      [{ ...fine, roles: { claim: ['r'], map: [], defaultRole: 'root' } }],
      '/0/roles',
    ],
    'cannot tell ID tokens apart': [[{ ...fine, tokenType: 'JWT' }], '/0/marker'],
    'is larger than 64 KiB': [' '.repeat(64 * 1024 + 1), '64 KiB'],
  };
  for (const [what, [content, place]] of Object.entries(broken)) {
    it(`SR-53: stops the service when it ${what}, and the error shows no value`, async () => {
      const message = await faultsOf(content);
      expect(message).toContain('TRUSTED_ISSUERS_FILE');
      expect(message).toContain(place);
      expect(message).not.toContain('c4n4ry');
    });
  }

  it('SR-53: tells all its faults at once', async () => {
    const message = await faultsOf([
      { ...fine, tokenType: 'absent' },
      { ...fine, jwksUrl: 'http://id.example.com' },
    ]);
    for (const place of ['/0/marker', '/1/issuer', '/1/jwksUrl']) expect(message).toContain(place);
  });

  it('SR-53: stops the service when it is not there', async () => {
    const settings = loadSettings(serviceSettings, { ...PRODUCTION, TRUSTED_ISSUERS_FILE: join(directory, 'absent') });
    await expect(readTrustedIssuers(settings, roles)).rejects.toThrow(SettingsError);
  });

  it.skipIf(platform === 'win32')(
    'SR-53: stops the service when everybody can change it, or it is a pipe',
    async () => {
      const path = join(directory, 'open');
      await writeFile(path, JSON.stringify([fine]));
      await chmod(path, 0o666);
      const settings = loadSettings(serviceSettings, { ...PRODUCTION, TRUSTED_ISSUERS_FILE: path });
      await expect(readTrustedIssuers(settings, roles)).rejects.toThrow('not everybody can change');
      await rm(path);
      execFileSync('/usr/bin/mkfifo', [path]);
      await expect(readTrustedIssuers(settings, roles)).rejects.toThrow('a regular file');
    },
  );
});

describe('passwords of the service itself', () => {
  it('SR-53: can be switched off only where there is another way in', () => {
    const off = { ...PRODUCTION, LOCAL_PASSWORDS: 'off' };
    expect(() => loadSettings(serviceSettings, off)).toThrow('TRUSTED_ISSUERS_FILE');
    expect(loadSettings(serviceSettings, { ...off, TRUSTED_ISSUERS_FILE: '/etc/issuers.json' }).LOCAL_PASSWORDS).toBe(
      'off',
    );
    expect(loadSettings(serviceSettings, PRODUCTION).LOCAL_PASSWORDS).toBe('on');
  });
});
