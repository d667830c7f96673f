import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type ComparedProfile,
  compareProfile,
  type Environment,
  isAsProfileWants,
  loadSettings,
  type ProfileVerdict,
} from '@redoubt/config';
import { profileNames, readProfile } from '@redoubt/service/testing';
import { startChild } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { serviceSettings } from '../src/settings.ts';
import { openEmbeddedDatabase } from './support/embedded-database.ts';
import { fillProfile } from './support/filled-profile.ts';
import { OpenidProvider, PROVIDER_AUDIENCE } from './support/openid-provider.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

/** One for both services of the end: none of their tests stores what another would see. */
const database = await openEmbeddedDatabase();

const source = join(import.meta.dirname, '..', 'src');
const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'profiles.md');

/** A line of each profile that somebody gets wrong, and what is said of it. */
const broken: Record<(typeof profileNames)[number], readonly [name: string, value: string, status: string][]> = {
  'start-up': [
    ['LOCAL_PASSWORDS', 'on', 'differs'],
    ['VALKEY_URL', 'redis://127.0.0.1:1', 'differs'],
  ],
  enterprise: [
    ['SIGNING_KEY', 'file:///run/secrets/c4n4ry', 'differs'],
    ['ALERT_WEBHOOK_REACH', 'public', 'differs'],
    ['LOG_LEVEL', 'error', 'differs'],
  ],
  legacy: [
    ['TRUSTED_PROXIES', '', 'missing'],
    ['DATABASE_TLS', 'off', 'differs'],
  ],
  'high-throughput': [
    ['RATE_LIMIT_SIGN_IN_MAX', '100000', 'differs'],
    ['RATE_LIMIT_ANONYMOUS_MAX', '45001', 'differs'],
    ['EDGE_RATE', '5000r/s', 'differs'],
  ],
};

async function compare(name: string, environment: Environment): Promise<ComparedProfile> {
  return compareProfile(await readProfile(name), serviceSettings, environment);
}

function statusOf({ verdicts }: ComparedProfile, name: string): ProfileVerdict['status'] | undefined {
  return verdicts.find((verdict) => verdict.name === name)?.status;
}

async function run(file: string, environment: Environment, ...args: string[]) {
  const child = startChild(join(source, file), environment, args);
  return { code: await child.exited, output: child.output() };
}

describe.each(profileNames)('the profile %s', (name) => {
  it('SR-53: names settings of the service and of the edge alone, and each stands in its document', async () => {
    const known = new Set(serviceSettings.settings.map((setting) => setting.name));
    const edge = await readFile(join(source, '..', '..', '..', 'nginx', 'README.md'), 'utf8');
    const document = await readFile(page, 'utf8');
    const common = new Set(['SECURITY_CONTACT', 'MAIL_FROM']);
    const { expectations } = await readProfile(name);
    const unknown = expectations.filter((each) => !known.has(each.name) && !edge.includes(`\`${each.name}\``));
    expect(unknown).toEqual([]);
    const explained = expectations.filter((each) => !common.has(each.name) && !each.template.startsWith('vault:'));
    expect(explained.filter((each) => !document.includes(each.name))).toEqual([]);
  });

  it('SR-53: loads when it is filled in, and is what it wants', async () => {
    const filled = await fillProfile(name);
    expect(() => loadSettings(serviceSettings, filled)).not.toThrow();
    const compared = await compare(name, filled);
    expect(compared.verdicts.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(isAsProfileWants(compared)).toBe(true);
  });

  it('SR-53: does not start as it is, and says of each placeholder that it was left', async () => {
    const { expectations } = await readProfile(name);
    const { code, output } = await run(
      'main.ts',
      Object.fromEntries(expectations.map(({ name: setting, template }) => [setting, template])),
    );
    expect(code).toBe(78);
    const left = expectations.filter(({ name: own, template }) => template.includes('<') && !own.startsWith('EDGE_'));
    for (const { name: setting } of left) expect(output).toMatch(new RegExp(`RD-130  ${setting} `));
  });

  it.each(broken[name])('SR-53: is not what %s=%s is', async (setting, value, status) => {
    const compared = await compare(name, { ...(await fillProfile(name)), [setting]: value });
    expect(statusOf(compared, setting)).toBe(status);
    expect(compared.verdicts.filter((verdict) => verdict.status !== 'ok')).toHaveLength(1);
    expect(isAsProfileWants(compared)).toBe(false);
  });
});

describe('what the doctor says of a profile', () => {
  it('SR-53: that a limit has moved to the edge, and that the edge has to be looked at where it runs', async () => {
    const { EDGE_RATE: rate, EDGE_AUTH_RATE: _, ...filled } = await fillProfile('high-throughput');
    expect(rate).toBe('50r/s');
    const { output } = await run('doctor.ts', filled, '--profile', 'high-throughput');
    expect(output).toContain('elsewhere  EDGE_RATE');
    expect(output.replaceAll(/\s+/g, ' ')).toContain('moves to the edge, which counts by the second');
    expect(output).toContain('23 ok, 0 differs, 0 missing, 0 placeholder, 2 elsewhere.');
  });

  it('SR-53: what differs, with what is wanted and why, without the value, and ends with 78', async () => {
    const settings = { ...(await fillProfile('enterprise')), SIGNING_KEY: 'file:///run/secrets/c4n4ry' };
    const { code, output } = await run('doctor.ts', settings, '--profile', 'enterprise', '--json');
    expect(code).toBe(78);
    const { profile } = JSON.parse(output) as { profile: { expectations: { setting: string }[] } };
    expect(profile.expectations.find(({ setting }) => setting === 'SIGNING_KEY')).toEqual({
      setting: 'SIGNING_KEY',
      status: 'differs',
      wants: 'vault://<mount>/<path>#<field>',
      why: 'Who holds it makes tokens of anybody: Vault sees who reads it, and can end that.',
    });
    expect(output).not.toContain('c4n4ry');
  });

  it.each([['nonsense'], ['../start-up'], []])('refuses one that is none, and names the four: %s', async (...given) => {
    const { code, output } = await run('doctor.ts', {}, '--profile', ...given);
    expect(code).toBe(64);
    expect(output.trim()).toBe('--profile is one of start-up, enterprise, legacy, high-throughput');
  });
});

const passwordRoutes = ['login', 'register', 'password', 'password/reset'];

function statusesOfPasswords(service: TestApp): Promise<readonly number[]> {
  return Promise.all(passwordRoutes.map(async (route) => (await service.post(`/api/auth/${route}`, {})).statusCode));
}

describe('a service as the profile start-up has it', () => {
  let provider: OpenidProvider;
  let external: TestApp;
  let own: TestApp;

  beforeAll(async () => {
    const { LOCAL_PASSWORDS: localPasswords } = loadSettings(serviceSettings, await fillProfile('start-up'));
    // The provider warns of what a test is: keys in the open and state in memory.
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    provider = await OpenidProvider.start();
    const trusted = {
      issuer: provider.issuer,
      audience: PROVIDER_AUDIENCE,
      algorithms: ['ES256'],
      reach: 'loopback',
      roles: { claim: ['roles'], map: [{ value: 'operators', role: 'admin' }] },
    } as const;
    external = await createTestApp({ database, now: Date.now, trustedIssuers: [trusted] }, { localPasswords });
    own = await createTestApp({ database });
  });
  afterAll(async () => {
    await external.close();
    await own.close();
    await provider.stop();
    await database.close();
    vi.restoreAllMocks();
  });

  it('SR-15: takes a token of the external issuer', async () => {
    const token = await provider.accessToken({ roles: ['operators'] });
    const answer = await external.app.inject({ url: '/api/users', headers: { authorization: `Bearer ${token}` } });
    expect(answer.statusCode).toBe(200);
  });

  it('SR-53: has no routes of passwords, which a service without the profile has', async () => {
    expect(await statusesOfPasswords(external)).toEqual(passwordRoutes.map(() => 404));
    expect(await statusesOfPasswords(own)).not.toContain(404);
  });
});
