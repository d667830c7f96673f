import { describe, expect, it } from 'vitest';
import { isCorrelationId, isSensitiveKey } from '../../src/redaction/sensitive-keys.ts';

describe('isSensitiveKey', () => {
  const sensitive = [
    'password',
    'PASSWORD',
    'newPassword',
    'current_password',
    'passwordHash',
    'passwd',
    'pwd',
    'secret',
    'client-secret',
    'token',
    'accessToken',
    'refresh_token',
    'id.token',
    'tokens',
    'authorization',
    'Proxy-Authorization',
    'cookie',
    'set-cookie',
    'Set-Cookie',
    'apiKey',
    'api_key',
    'API-KEY',
    'x-api-key',
    'private_key',
    'privateKeyPem',
    'credential',
    'credentials',
    'session',
    'sessionId',
    'x-csrf-token',
    'jwt',
    'otp',
    'cvv',
  ];
  for (const key of sensitive) {
    it(`SR-43: ${key} names a secret`, () => {
      expect(isSensitiveKey(key)).toBe(true);
    });
  }

  const harmless = [
    'tokenType',
    'sessions',
    'author',
    'key',
    'code',
    'passed',
    'pinned',
    'user',
    'email',
    'id',
    '',
    '_',
  ];
  for (const key of harmless) {
    it(`${key} names none`, () => {
      expect(isSensitiveKey(key)).toBe(false);
    });
  }

  it('remembers a bounded number of keys and decides the others as well', () => {
    for (let index = 0; index < 5_000; index += 1) {
      expect(isSensitiveKey(`field${index}`)).toBe(false);
      expect(isSensitiveKey(`field${index}Password`)).toBe(true);
    }
  });
});

describe('isCorrelationId', () => {
  it('SR-47: is an id in its bounds under a name of its own, and nothing else', () => {
    const hexadecimal = 'a1'.repeat(16);
    expect(isCorrelationId('requestId', hexadecimal)).toBe(true);
    expect(isCorrelationId('trace_id', hexadecimal)).toBe(true);
    expect(isCorrelationId('other', hexadecimal)).toBe(false);
    expect(isCorrelationId('requestId', 'a1'.repeat(33))).toBe(false);
    expect(isCorrelationId('requestId', `${hexadecimal}\n`)).toBe(false);
    expect(isCorrelationId('requestId', 7)).toBe(false);
  });
});
