import { parseSecretReference } from '@redoubt/secrets';
import { describe, expect, it } from 'vitest';
import {
  broadTrustedProxies,
  developmentOnly,
  environmentSecret,
  plainHttp,
  refusedSetting,
  refuseInProduction,
  uncheckedCertificates,
  weakenedNode,
  wildcardOrigins,
} from '../src/index.ts';

const [refuseAlways] = refuseInProduction(() => refusedSetting('RD-019', 'PORT', 'nothing', 'Nothing.'));

describe('refuseInProduction', () => {
  it('SR-53: lets a rule judge production', () => {
    expect(refuseAlways?.({ NODE_ENV: 'production' }, {})).toMatchObject({ setting: 'PORT', problem: 'refused' });
  });

  it('leaves development alone', () => {
    expect(refuseAlways?.({ NODE_ENV: 'development' }, {})).toBeUndefined();
  });
});

describe('plainHttp', () => {
  it.each(['http://a.example', 'HTTP://a.example', ['https://a.example', 'http://b.example']])(
    'SR-53: refuses %j',
    (value) => {
      expect(plainHttp('ORIGIN')({ ORIGIN: value }, {})).toMatchObject({ setting: 'ORIGIN', problem: 'refused' });
    },
  );

  it.each(['https://a.example', [], undefined, ['https://http.example']])('takes %j', (value) => {
    expect(plainHttp('ORIGIN')({ ORIGIN: value }, {})).toBeUndefined();
  });
});

describe('wildcardOrigins', () => {
  it.each(['*', ['https://a.example', '*'], 'https://*.a.example', 'null', ['null']])('SR-24: refuses %j', (value) => {
    expect(wildcardOrigins('ORIGINS')({ ORIGINS: value }, {})).toMatchObject({ problem: 'refused' });
  });

  it.each([[[]], [['https://a.example', 'https://null.example']]])('takes %j', (value) => {
    expect(wildcardOrigins('ORIGINS')({ ORIGINS: value }, {})).toBeUndefined();
  });
});

describe('broadTrustedProxies', () => {
  it.each([
    true,
    'true',
    1,
    '2',
    'loopback',
    '',
    ['0.0.0.0/0'],
    ['10.0.0.1', '0.0.0.0/1', '128.0.0.0/1'],
    ['8.0.0.0/7'],
    ['::/0'],
    ['2000::/3'],
    ['::ffff:0:0/96'],
    ['::ffff:0.0.0.0/97'],
    ['::/80'],
    ['10.0.0.0/33'],
    ['fe80::1%eth0'],
  ])('SR-23: refuses %j', (value) => {
    expect(broadTrustedProxies('PROXIES')({ PROXIES: value }, {})).toMatchObject({ problem: 'refused' });
  });

  it.each([[[]], [['10.0.0.0/8', '172.20.0.5', '127.0.0.1/32']], [['fd00:1::/32', '2001:db8::1', '::1']], [undefined]])(
    'takes %j',
    (value) => {
      expect(broadTrustedProxies('PROXIES')({ PROXIES: value }, {})).toBeUndefined();
    },
  );
});

describe('environmentSecret', () => {
  it('SR-51: refuses a secret from the environment, and takes one from a file', () => {
    const rule = environmentSecret('KEY');
    expect(rule({ KEY: parseSecretReference('env://KEY_TEXT') }, {})).toMatchObject({ setting: 'KEY' });
    expect(rule({ KEY: { scheme: 'file', path: '/run/secrets/key' } }, {})).toBeUndefined();
    expect(rule({ KEY: undefined }, {})).toBeUndefined();
  });
});

describe('developmentOnly', () => {
  it('SR-53: refuses the values that it was given, with the fix that it was given', () => {
    const rule = developmentOnly('STORAGE', ['embedded', true], 'Use postgres.');
    expect(rule({ STORAGE: 'embedded' }, {})).toMatchObject({ setting: 'STORAGE', fix: 'Use postgres.' });
    expect(rule({ STORAGE: true }, {})).toMatchObject({ setting: 'STORAGE' });
    expect(rule({ STORAGE: 'postgres' }, {})).toBeUndefined();
  });
});

describe('the rules for Node itself', () => {
  it('SR-28: refuse certificates that nobody checks', () => {
    expect(uncheckedCertificates({}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toMatchObject({ problem: 'refused' });
    expect(uncheckedCertificates({}, { NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toBeUndefined();
    expect(uncheckedCertificates({}, {})).toBeUndefined();
  });

  it.each([
    '--inspect',
    '--inspect-brk=0.0.0.0:9229',
    '--max-old-space-size=512  --inspect-wait',
    '"--in\\spect"',
    '--insecure-http-parser',
    '--tls-min-v1.0',
  ])('SR-53: refuse NODE_OPTIONS %j', (options) => {
    expect(weakenedNode({}, { NODE_OPTIONS: options })).toMatchObject({ setting: 'NODE_OPTIONS' });
  });

  it.each(['', '--max-old-space-size=512 --disable-proto=delete', '--tls-min-v1.2'])(
    'take NODE_OPTIONS %j',
    (options) => {
      expect(weakenedNode({}, { NODE_OPTIONS: options })).toBeUndefined();
      expect(weakenedNode({}, {})).toBeUndefined();
    },
  );
});
