import { join } from 'node:path';

import { startChild } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';

const entry = join(import.meta.dirname, '..', 'src', 'main.ts');

/** Every setting of production, each sound; the addresses are never reached. */
const sound = {
  PUBLIC_URL: 'https://api.service.example',
  TOKEN_AUDIENCE: 'service',
  SECURITY_CONTACT: 'mailto:security@service.example',
  SIGNING_KEY: 'file:///run/secrets/signing-key',
  DATABASE_URL: 'postgres://app_runtime@127.0.0.1:1/service',
  VALKEY_URL: 'redis://127.0.0.1:1',
  MAIL_URL: 'smtps://127.0.0.1:1',
  MAIL_FROM: 'service@service.example',
};

async function boot(
  environment: Record<string, string>,
  ...args: readonly string[]
): Promise<{ code: number | null; output: string }> {
  const child = startChild(entry, environment, args);
  const code = await child.exited;
  return { code, output: child.output() };
}

const weak: Record<string, [Record<string, string>, string]> = {
  'an http address': [{ PUBLIC_URL: 'http://api.service.example' }, 'PUBLIC_URL'],
  'any origin': [{ ALLOWED_ORIGINS: '*' }, 'ALLOWED_ORIGINS'],
  'an http origin': [{ ALLOWED_ORIGINS: 'http://app.example' }, 'ALLOWED_ORIGINS'],
  'everybody as a proxy': [{ TRUSTED_PROXIES: '0.0.0.0/0' }, 'TRUSTED_PROXIES'],
  'a number of proxies': [{ TRUSTED_PROXIES: '1' }, 'TRUSTED_PROXIES'],
  'a key in the environment': [{ SIGNING_KEY: 'env://KEY' }, 'SIGNING_KEY'],
  'a key of AWS beside a secret there': [
    { SIGNING_KEY: 'aws-sm://service/keys#key', AWS_SECRET_ACCESS_KEY: 'c4n4ry' },
    'AWS_SECRET_ACCESS_KEY',
  ],
  'a plain way to AWS': [
    { SIGNING_KEY: 'aws-sm://service/keys#key', AWS_ENDPOINT_URL: 'http://c4n4ry.example' },
    'AWS_ENDPOINT_URL',
  ],
  'a password in an address': [{ DATABASE_URL: 'postgres://app:c4n4ry@127.0.0.1/service' }, 'DATABASE_URL'],
  'a password in the address of the mail server': [{ MAIL_URL: 'smtps://user:c4n4ry@127.0.0.1' }, 'MAIL_URL'],
  'a sender of two addresses': [{ MAIL_FROM: 'a@b.example,c4n4ry@d.example' }, 'MAIL_FROM'],
  'a plain connection to a database elsewhere': [
    { DATABASE_URL: 'postgres://app_runtime@c4n4ry.example/service', DATABASE_TLS: 'off' },
    'DATABASE_TLS',
  ],
  'a plain connection to a shared store elsewhere': [{ VALKEY_URL: 'redis://c4n4ry.example' }, 'VALKEY_URL'],
  'parameters in the address of the database': [
    { DATABASE_URL: 'postgres://app_runtime@127.0.0.1/service?sslmode=c4n4ry' },
    'DATABASE_URL',
  ],
  'a database without a role': [{ DATABASE_URL: 'postgres://c4n4ry.example/service' }, 'DATABASE_URL'],
  'the rules of development': [{ NODE_ENV: 'development' }, 'NODE_ENV'],
  'certificates that are not checked': [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, 'NODE_TLS_REJECT_UNAUTHORIZED'],
  'a collector over plain http elsewhere': [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c4n4ry.example:4318' },
    'OTEL_EXPORTER_OTLP_ENDPOINT',
  ],
  'a part of all traces that is more than all': [{ OTEL_TRACES_SAMPLE_RATIO: '1.5' }, 'OTEL_TRACES_SAMPLE_RATIO'],
  'a setting that does not exist': [{ REDOUBT_PROT: 'c4n4ry' }, 'REDOUBT_PROT'],
  'a setting that is misspelt': [{ ALLOWED_ORIGIN: 'https://c4n4ry.example' }, 'ALLOWED_ORIGINS'],
  'a webhook without a key': [{ ALERT_WEBHOOK_URL: 'https://alerts.example/c4n4ry' }, 'ALERT_WEBHOOK_KEY'],
  'a key without a webhook': [{ ALERT_WEBHOOK_KEY: 'file:///run/secrets/c4n4ry' }, 'ALERT_WEBHOOK_URL'],
  'a webhook over plain http': [{ ALERT_WEBHOOK_URL: 'http://c4n4ry.example' }, 'ALERT_WEBHOOK_URL'],
  'a port that is no port': [{ PORT: 'c4n4ry' }, 'PORT'],
};

describe('a production start', () => {
  it('SR-53: without settings says all that is missing at once, and exits 78', async () => {
    const { code, output } = await boot({});
    expect(code).toBe(78);
    for (const name of [
      'PUBLIC_URL',
      'TOKEN_AUDIENCE',
      'SECURITY_CONTACT',
      'SIGNING_KEY',
      'DATABASE_URL',
      'VALKEY_URL',
      'MAIL_URL',
      'MAIL_FROM',
    ]) {
      expect(output).toContain(name);
    }
  });

  for (const [what, [change, name]] of Object.entries(weak)) {
    it(`SR-53: with ${what} exits 78, names the setting and shows no value`, async () => {
      const { code, output } = await boot({ ...sound, ...change });
      expect(code).toBe(78);
      expect(output).toContain(name);
      expect(output).not.toContain('c4n4ry');
    });
  }

  it('refuses a command that it does not have, and says which there are', async () => {
    const { code, output } = await boot(sound, 'serve-me');
    expect(code).toBe(64);
    expect(output).toContain('serve, migrate, doctor, verify-audit');
  });

  it('SR-51: with a secret that cannot be read ends, and says which', async () => {
    const { code, output } = await boot(sound);
    expect(code).toBe(78);
    expect(output).toContain('SIGNING_KEY');
    expect(output).toContain('RD-025');
  });
});

describe('a command that is called wrongly', () => {
  it.each([
    ['one that is not there', ['nonsense']],
    ['an address that is none', ['create-administrator', 'c4n4ry']],
    ['a head that is none', ['verify-audit', 'c4n4ry']],
  ])('ends with 64 and one line, without what it was given: %s', async (_name, command) => {
    const { code, output } = await boot(sound, ...command);
    expect(code).toBe(64);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).not.toContain('c4n4ry');
  });
});
