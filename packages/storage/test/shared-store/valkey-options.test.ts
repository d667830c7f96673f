import { Secret } from '@redoubt/secrets';
import { describe, expect, it } from 'vitest';
import { connectValkey } from '../../src/index.ts';
import { ReconnectDelay } from '../../src/shared-store/reconnect-delay.ts';
import { toClientOptions } from '../../src/shared-store/valkey-options.ts';
import { createRecordedLog } from '../recorded-log.ts';

const options = { url: 'rediss://localhost:6380', keyPrefix: 'test:', logger: createRecordedLog() };

describe('the options of a Valkey connection', () => {
  for (const url of [
    '',
    'localhost',
    'http://localhost',
    'rediss://',
    'rediss://localhost/name',
    'rediss://h/1?a=b',
    'rediss://h#f',
  ]) {
    it(`refuse ${JSON.stringify(url)} as an address`, () => {
      expect(() => toClientOptions({ ...options, url }, new ReconnectDelay())).toThrow(TypeError);
    });
  }

  for (const url of ['rediss://user@localhost', 'rediss://:word@localhost', 'redis://user:word@localhost']) {
    it(`SR-51: refuse credentials in an address, and do not repeat them: ${url}`, () => {
      expect(() => connectValkey({ ...options, url })).toThrow(/^url must name no user and no password[^@]*$/);
    });
  }

  it('SR-28: always verify the certificate, and refuse old TLS', () => {
    const tls = { ca: 'authority', certificate: 'certificate', privateKey: Secret.of('key'), serverName: 'name' };
    expect(toClientOptions({ ...options, tls }, new ReconnectDelay()).tls).toStrictEqual({
      ca: 'authority',
      cert: 'certificate',
      key: 'key',
      servername: 'name',
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
    });
    expect(toClientOptions(options, new ReconnectDelay()).tls).toMatchObject({ rejectUnauthorized: true });
  });

  it('refuse TLS settings with an address that uses no TLS', () => {
    expect(() => toClientOptions({ ...options, url: 'redis://localhost', tls: {} }, new ReconnectDelay())).toThrow(
      TypeError,
    );
  });

  it('read host, port and database from the address', () => {
    expect(toClientOptions({ ...options, url: 'valkey://[::1]:7000/3' }, new ReconnectDelay())).toMatchObject({
      host: '::1',
      port: 7000,
      db: 3,
    });
    expect(toClientOptions({ ...options, url: 'redis://cache' }, new ReconnectDelay())).toMatchObject({
      host: 'cache',
      port: 6379,
      db: 0,
    });
  });

  for (const keyPrefix of ['', 'test', 'Test:', 'a b:', 'a*:', '[a]:', ':', 'a'.repeat(70) + ':']) {
    it(`SR-50: refuse the key prefix ${JSON.stringify(keyPrefix)}, which an access list could not hold`, () => {
      expect(() => connectValkey({ ...options, keyPrefix })).toThrow(TypeError);
    });
  }
});

describe('the wait before a reconnect', () => {
  it('doubles up to five seconds, at least half of it certain', () => {
    const delay = new ReconnectDelay();
    for (let attempt = 0; attempt < 40; attempt += 1) {
      const ceiling = Math.min(5_000, 50 * 2 ** attempt);
      const wait = delay.next();
      expect(wait).toBeGreaterThanOrEqual(ceiling / 2);
      expect(wait).toBeLessThanOrEqual(ceiling);
    }
    delay.reset();
    expect(delay.next()).toBeLessThanOrEqual(50);
  });

  it('differs between replicas', () => {
    const waits = Array.from({ length: 50 }, () => {
      const delay = new ReconnectDelay();
      for (let attempt = 0; attempt < 10; attempt += 1) delay.next();
      return delay.next();
    });
    expect(new Set(waits).size).toBeGreaterThan(1);
  });
});
