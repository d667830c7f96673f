import { describe, expect, it } from 'vitest';
import { parseConnectionAddress } from '../../src/postgres/connection-address.ts';

const INVALID = [
  '',
  'db',
  'mysql://user@host/db',
  'postgres://host/db',
  'postgres://user@host',
  'postgres://user@host/',
  'postgres://user@host/a/b',
  'postgres:///db',
  'postgres://user@host/db?sslmode=disable',
  'postgres://user@host/db?options=-c%20statement_timeout=0',
  'postgres://user@host/db#fragment',
];

describe('the address of a database', () => {
  it('names user, host, port and database', () => {
    expect(parseConnectionAddress('postgres://user@host:5433/db')).toStrictEqual({
      host: 'host',
      port: 5433,
      user: 'user',
      database: 'db',
    });
    expect(parseConnectionAddress('postgresql://a%40b@[::1]/my%20db')).toStrictEqual({
      host: '::1',
      port: 5432,
      user: 'a@b',
      database: 'my db',
    });
  });

  for (const url of INVALID) {
    it(`is refused when it is ${JSON.stringify(url)}`, () => {
      expect(() => parseConnectionAddress(url)).toThrow(TypeError);
    });
  }

  it('SR-51: is refused when it holds a password, which the error does not repeat', () => {
    expect(() => parseConnectionAddress('postgres://user:word@host/db')).toThrow(
      /^url must hold no password(?!.*word@)/,
    );
  });
});
