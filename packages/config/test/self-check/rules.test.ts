import { describe, expect, it } from 'vitest';
import {
  allowedOrigins,
  type Finding,
  hostCookie,
  managementListener,
  proxyRanges,
  reachableDevelopment,
  runSelfCheck,
  sampleDomain,
  settingsChecks,
  templateName,
  tlsEnd,
} from '../../src/index.ts';

const NODE_ENV = 'production' as const;

function idsOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ id }) => id);
}

describe('who ends TLS', () => {
  const https = { PUBLIC_URL: 'https://api.service.test' };

  it.each([
    ['0.0.0.0', [], undefined, ['RD-100']],
    ['10.1.2.3', [], undefined, ['RD-100']],
    ['api.internal', [], undefined, ['RD-100']],
    ['127.0.0.1', [], undefined, ['RD-101']],
    ['localhost', [], undefined, ['RD-101']],
    ['::', ['10.0.0.1'], undefined, ['RD-102']],
    ['127.0.0.1', ['127.0.0.1'], undefined, []],
    ['0.0.0.0', [], '/run/tls/certificate.pem', []],
    ['0.0.0.0', ['10.0.0.1'], '/run/tls/certificate.pem', []],
  ])('SR-28: on %s behind %j with the certificate %s: %j', (HOST, TRUSTED_PROXIES, TLS_CERTIFICATE_FILE, ids) => {
    expect(idsOf(tlsEnd.judge({ ...https, HOST, TRUSTED_PROXIES, TLS_CERTIFICATE_FILE }, {}))).toEqual(ids);
  });

  it('does not matter where clients are told http, as in development', () => {
    const settings = { PUBLIC_URL: 'http://127.0.0.1:3000', HOST: '127.0.0.1', TRUSTED_PROXIES: [] };
    expect(tlsEnd.judge(settings, {})).toEqual([]);
  });
});

describe('the management listener', () => {
  const sound = { HOST: '127.0.0.1', PORT: 3000, MANAGEMENT_HOST: '127.0.0.1', MANAGEMENT_PORT: 9000 };

  it.each([
    [{}, []],
    [{ MANAGEMENT_HOST: '0.0.0.0' }, ['RD-103']],
    [{ MANAGEMENT_HOST: '::' }, ['RD-103']],
    [{ MANAGEMENT_HOST: '0:0:0:0:0:0:0:0' }, ['RD-103']],
    [{ MANAGEMENT_HOST: '::ffff:0.0.0.0' }, ['RD-103']],
    [{ MANAGEMENT_HOST: '8.8.8.8' }, ['RD-104']],
    [{ MANAGEMENT_HOST: '::ffff:8.8.8.8' }, ['RD-104']],
    [{ MANAGEMENT_HOST: '2606:4700::1' }, ['RD-104']],
    [{ MANAGEMENT_HOST: '172.32.0.1' }, ['RD-104']],
    [{ MANAGEMENT_HOST: '172.31.0.1' }, []],
    [{ MANAGEMENT_HOST: '192.168.1.1' }, []],
    [{ MANAGEMENT_HOST: '100.64.0.1' }, []],
    [{ MANAGEMENT_HOST: 'fd00::1' }, []],
    [{ MANAGEMENT_HOST: '::ffff:10.0.0.1' }, []],
    [{ MANAGEMENT_HOST: 'metrics.internal' }, []],
    [{ MANAGEMENT_PORT: 3000 }, ['RD-105']],
    [{ MANAGEMENT_PORT: 3000, HOST: '0.0.0.0' }, ['RD-105']],
    [{ MANAGEMENT_PORT: 3000, MANAGEMENT_HOST: '10.0.0.1' }, []],
    [{ MANAGEMENT_PORT: 0, PORT: 0 }, []],
  ])('SR-60: with %j: %j', (change, ids) => {
    expect(idsOf(managementListener.judge({ ...sound, ...change }, {}))).toEqual(ids);
  });
});

describe('who reaches development', () => {
  it.each([
    ['development', '0.0.0.0', ['RD-106']],
    ['development', '::', ['RD-106']],
    ['development', '192.168.1.5', ['RD-106']],
    ['development', 'laptop.local', ['RD-106']],
    ['development', '127.0.0.1', []],
    ['development', '127.5.5.5', []],
    ['development', '::1', []],
    ['development', 'localhost', []],
    ['production', '0.0.0.0', []],
  ] as const)('SR-60: in %s on %s: %j', (mode, HOST, ids) => {
    expect(idsOf(reachableDevelopment.judge({ NODE_ENV: mode, HOST }, {}))).toEqual(ids);
  });
});

describe('the trusted proxies', () => {
  it.each([
    [['0.0.0.0/0'], ['RD-009']],
    [['10.0.0.1', '2000::/3'], ['RD-009']],
    [['10.0.0.0/8'], ['RD-107']],
    [['172.16.0.0/15'], ['RD-107']],
    [['2001:db8::/47'], ['RD-107']],
    [['172.16.0.0/16', '2001:db8::/48', '10.0.0.1'], []],
    [[], []],
  ])('SR-23: %j: %j', (TRUSTED_PROXIES, ids) => {
    expect(idsOf(proxyRanges.judge({ NODE_ENV, TRUSTED_PROXIES }, {}))).toEqual(ids);
  });

  it('SR-23: in development, strangers are a network that is too wide', () => {
    expect(idsOf(proxyRanges.judge({ NODE_ENV: 'development', TRUSTED_PROXIES: ['0.0.0.0/0'] }, {}))).toEqual([
      'RD-107',
    ]);
  });
});

describe('a domain of documentation', () => {
  const rule = sampleDomain('VALUE');

  it.each([
    'https://api.service.example',
    'https://service.example:8443',
    'https://example.com',
    'https://app.example.org/path',
    'mailto:security@service.example',
    'service@example.net',
    'https://SERVICE.EXAMPLE',
    'https://service.invalid?x',
    ['https://app.company.net', 'https://app.example.com'],
  ])('SR-53: is found in %j', (VALUE) => {
    expect(idsOf(rule.judge({ NODE_ENV, VALUE }, {}))).toEqual(['RD-109']);
  });

  it.each(['https://example.com.company.net', 'https://myexample.com', 'https://api.company.net', [], undefined, 7])(
    'is not found in %j',
    (VALUE) => {
      expect(rule.judge({ NODE_ENV, VALUE }, {})).toEqual([]);
    },
  );

  it('is right in development, whose defaults have it', () => {
    expect(rule.judge({ NODE_ENV: 'development', VALUE: 'https://api.service.example' }, {})).toEqual([]);
  });
});

describe('a name of the template', () => {
  it('SR-53: is found in production, and is right in development', () => {
    const rule = templateName('TOKEN_AUDIENCE', ['redoubt-api']);
    expect(idsOf(rule.judge({ NODE_ENV, TOKEN_AUDIENCE: 'redoubt-api' }, {}))).toEqual(['RD-108']);
    expect(rule.judge({ NODE_ENV, TOKEN_AUDIENCE: 'billing' }, {})).toEqual([]);
    expect(rule.judge({ NODE_ENV: 'development', TOKEN_AUDIENCE: 'redoubt-api' }, {})).toEqual([]);
  });
});

describe('the allowed origins', () => {
  const PUBLIC_URL = 'https://api.company.net';

  it.each([
    [['https://app.company.net'], []],
    [['https://company.net'], []],
    [['https://api.company.net'], ['RD-113']],
    [['https://app.company.net:8443'], []],
    [['https://app.other.net'], ['RD-114']],
    [['http://app.company.net'], ['RD-111', 'RD-114']],
    [['https://localhost:5173'], ['RD-112', 'RD-114']],
    [['https://127.0.0.1:5173'], ['RD-112', 'RD-114']],
    [['https://[::1]:5173'], ['RD-112', 'RD-114']],
    [['https://app.localhost'], ['RD-112', 'RD-114']],
    [['https://203.0.113.7'], ['RD-114']],
    [[], []],
  ])('SR-24: %j: %j', (ALLOWED_ORIGINS, ids) => {
    expect(idsOf(allowedOrigins.judge({ NODE_ENV, PUBLIC_URL, ALLOWED_ORIGINS }, {}))).toEqual(ids);
  });

  it('may be of the own machine in development, over http too', () => {
    const settings = { PUBLIC_URL: 'http://localhost:3000', ALLOWED_ORIGINS: ['http://localhost:5173'] };
    expect(allowedOrigins.judge({ NODE_ENV: 'development', ...settings }, {})).toEqual([]);
  });

  it('SR-25: of two addresses are two sites, whatever digits they share', () => {
    const settings = { PUBLIC_URL: 'https://10.0.0.1', ALLOWED_ORIGINS: ['https://10.9.0.1'] };
    expect(idsOf(allowedOrigins.judge({ NODE_ENV, ...settings }, {}))).toEqual(['RD-114']);
  });
});

describe('the refresh cookie', () => {
  it.each([
    ['https://api.company.net', []],
    ['http://localhost:3000', []],
    ['http://127.0.0.1:3000', []],
    ['http://[::1]:3000', []],
    ['http://api.company.net', ['RD-115']],
    ['http://192.168.1.5:3000', ['RD-115']],
  ])('SR-25: of %s: %j', (PUBLIC_URL, ids) => {
    expect(idsOf(hostCookie.judge({ PUBLIC_URL }, {}))).toEqual(ids);
  });
});

describe('settingsChecks', () => {
  it('makes one check of each rule, over the settings of a service that has them', async () => {
    const settings = {
      NODE_ENV: 'production' as const,
      PUBLIC_URL: 'https://api.service.example',
      TRUSTED_PROXIES: ['10.0.0.0/8'],
      UNRELATED: 1,
    };
    const checks = settingsChecks([hostCookie, proxyRanges, sampleDomain('PUBLIC_URL')], settings, {});
    const report = await runSelfCheck({ checks, mode: 'production', now: () => 0 });
    expect(idsOf(report.findings)).toEqual(['RD-107', 'RD-109']);
    expect(report.passed).toEqual([{ area: 'browser', name: 'the refresh cookie' }]);
    // @ts-expect-error -- tlsEnd reads HOST, which these settings do not have
    expect(() => settingsChecks([tlsEnd], settings, {})).not.toThrow();
  });
});
