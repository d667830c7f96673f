import { describe, expect, it } from 'vitest';

import { type DatabaseFacts, judgeDatabase } from '../../src/index.ts';
import { goodDatabase as good } from './good-facts.ts';

/** One bad fact each, and what is found in it: "id subject". */
const bad: Readonly<Record<string, readonly [changes: Partial<DatabaseFacts>, found: string]>> = {
  'SR-49: finds a superuser': [
    { attributes: ['SUPERUSER'], ownedRelations: 3, tablesToTruncate: 3 },
    'RD-060 SUPERUSER',
  ],
  'SR-49: finds an attribute': [{ attributes: ['CREATEROLE'] }, 'RD-060 CREATEROLE'],
  'SR-49: finds a predefined role': [{ predefinedRoles: ['pg_write_all_data'] }, 'RD-061 pg_write_all_data'],
  'SR-49: finds a way to a privileged role': [{ canBecomePrivileged: true }, 'RD-061 another role'],
  'SR-49: finds owned tables': [{ ownedRelations: 1 }, 'RD-062 tables'],
  'SR-49: finds owned schemas': [{ ownedSchemas: 1 }, 'RD-062 schemas'],
  'SR-49: finds the owned database': [{ ownsDatabase: true }, 'RD-062 database'],
  'SR-49: finds a schema to create in': [{ schemasToCreateIn: 1 }, 'RD-063 schemas'],
  'SR-49: finds a database to create schemas in': [{ canCreateSchemas: true }, 'RD-063 database'],
  'SR-49: finds a table to truncate': [{ tablesToTruncate: 1 }, 'RD-064 tables'],
  'SR-48: finds a right on the audit table': [{ auditRights: ['UPDATE'] }, 'RD-065 UPDATE'],
  'SR-28: finds a plain connection over the network': [{ encryption: 'none' }, 'RD-066 connection'],
  'SR-28: finds TLS 1.1': [{ encryption: 'TLSv1.1' }, 'RD-066 connection'],
  'SR-49: finds MD5': [{ passwordEncryption: 'md5' }, 'RD-067 password_encryption'],
  'SR-67: finds a server that was out of support last year': [{ serverVersion: 13 }, 'RD-068 server'],
  'SR-67: finds a server out of support on the first of December': [
    { serverVersion: 17, inspectedAtMs: Date.UTC(2029, 11, 1) },
    'RD-068 server',
  ],
  'SR-49: finds a migration that was not applied': [{ pendingMigrations: 1 }, 'RD-069 migrations'],
};

describe('judgeDatabase', () => {
  it.each(Object.entries(bad))('%s', (_name, [changes, found]) => {
    expect(judgeDatabase({ ...good, ...changes }).map(({ id, subject }) => `${id} ${subject}`)).toStrictEqual([found]);
  });

  it.each<readonly [string, Partial<DatabaseFacts>]>([
    ['a database as it should be', {}],
    ['a plain connection that does not leave the machine', { isOverNetwork: false, encryption: 'none' }],
    ['TLS 1.2', { encryption: 'TLSv1.2' }],
    ['a server in its last days of support', { serverVersion: 17, inspectedAtMs: Date.UTC(2029, 10, 30) }],
  ])('finds nothing in %s', (_name, changes) => {
    expect(judgeDatabase({ ...good, ...changes })).toStrictEqual([]);
  });

  it('finds nothing in what is not known', () => {
    const unknown = Object.fromEntries(Object.keys(good).map((name) => [name, undefined]));
    expect(judgeDatabase({ ...good, ...unknown, inspectedAtMs: good.inspectedAtMs })).toStrictEqual([]);
  });
});
