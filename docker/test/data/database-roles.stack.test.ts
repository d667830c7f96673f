import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { compose, execIn, succeeded } from '../support/stack.ts';
import { ClientContainer } from './support/client-container.ts';
import { addressFor, attack, psql, type Role } from './support/psql.ts';

/** Nothing that keeps a role in the database is an attribute or a right to make things. */
const structure = [
  'create table mine (id integer)',
  'create temporary table mine (id integer)',
  'create schema mine',
  'create view mine as select 1',
  'create function mine() returns integer language sql as $$ select 1 $$',
  'create extension pg_trgm',
  'create role mine',
  'alter table users add column mine integer',
  'drop table users',
  'truncate users',
  'drop schema public cascade',
  'alter role current_user superuser',
  'set role app_migrator',
  'set role postgres',
  'set session authorization postgres',
  'select lo_create(0)',
  "copy users to program 'true'",
  "copy users from '/etc/passwd'",
  "select pg_read_file('/run/secrets/superuser-password')",
  'select rolpassword from pg_authid',
  'select pg_reload_conf()',
  'select pg_switch_wal()',
];

const rows = [
  "insert into users (id, email, role, created_at) values (gen_random_uuid(), 'a@b.example', 'admin', now())",
  "update users set role = 'admin'",
  'delete from users',
  'delete from security_events',
];

/** What each role has no business doing. */
const forbidden: Readonly<Record<Exclude<Role, 'postgres'>, readonly string[]>> = {
  app_migrator: [
    'create role mine',
    'create database mine',
    'alter role current_user superuser',
    'set role postgres',
    'set session authorization postgres',
    "copy users to program 'true'",
    "select pg_read_file('/run/secrets/superuser-password')",
    'select rolpassword from pg_authid',
    'select pg_reload_conf()',
  ],
  app_runtime: [
    ...structure,
    'delete from users',
    "update security_events set actor_id = 'nobody'",
    'delete from security_events',
    'truncate security_events',
    'update schema_migrations set number = 0',
    'alter table security_events disable trigger chain',
  ],
  app_reader: [
    ...structure,
    ...rows,
    'select password_hash from users',
    'select * from users',
    'select * from one_time_tokens',
    'select * from refresh_tokens',
    'select * from idempotency_keys',
    'select access_id from sessions',
  ],
  app_backup: [...structure, ...rows],
};

/** What each role is for. */
const allowed: Readonly<Record<Exclude<Role, 'postgres'>, readonly string[]>> = {
  app_migrator: ['create table mine (id integer); drop table mine'],
  app_runtime: ['select count(password_hash) from users', 'update users set age = 30 where false'],
  app_reader: ['select count(email) from users', 'select count(*) from security_events'],
  app_backup: ['select count(*) from users', 'select count(*) from one_time_tokens'],
};

/** SQLSTATEs (PostgreSQL manual, appendix A). */
const INSUFFICIENT_PRIVILEGE = '42501';
const READ_ONLY = '25006';
const FEATURE_NOT_SUPPORTED = '0A000';

const roles = Object.keys(forbidden) as readonly Exclude<Role, 'postgres'>[];

let client: ClientContainer;
beforeAll(async () => {
  client = await ClientContainer.start({ programs: 'postgres', secrets: 'roles-secrets' });
});
afterAll(() => client.remove());

describe.each(roles)('%s, over the network', (role) => {
  it.each(forbidden[role])('SR-49: may not: %s', async (statement) => {
    expect(await attack(client, role, statement)).toEqual({
      code: 1,
      stdout: '',
      stderr: `ERROR:  ${INSUFFICIENT_PRIVILEGE}\n`,
    });
  });

  it.each(allowed[role])('SR-49: may: %s', async (statement) => {
    expect(await psql(client, role, statement)).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(['postgres', 'template1'])('SR-49: does not get into the database %s', async (name) => {
    const { code, stderr } = await psql(client, role, 'select 1', `dbname=${name}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining('pg_hba.conf rejects connection')]);
  });

  it('SR-49: cannot copy the server by replication', async () => {
    const { code, stderr } = await psql(client, role, 'identify_system', 'replication=true');
    expect([code, stderr]).toEqual([2, expect.stringContaining('no pg_hba.conf entry for replication')]);
  });

  it('SR-49: does not get in with the password of another role', async () => {
    const others = ['migrator', 'runtime', 'reader', 'backup'].filter((name) => role !== `app_${name}`);
    for (const other of others) {
      const command = ['psql', '--no-psqlrc', '--command', 'select 1', addressFor(role)];
      const { code, stderr } = await client.run('PGPASSWORD', `${other}-password`, ...command);
      expect([code, stderr]).toEqual([2, expect.stringContaining('password authentication failed')]);
    }
  });
});

describe.each(['app_reader', 'app_backup'] as const)('%s, by mistake', (role) => {
  it('SR-49: begins in transactions that only read', async () => {
    const { stderr } = await psql(client, role, 'create table mine (id integer)');
    expect(stderr).toBe(`ERROR:  ${READ_ONLY}\n`);
  });
});

describe('the backup role', () => {
  it('SR-49: copies the whole database, and with it no password of a role', async () => {
    const { code, stdout, stderr } = await client.run(
      'PGPASSWORD',
      'backup-password',
      'pg_dump',
      addressFor('app_backup'),
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain('SCRAM-SHA-256$');
    for (const table of ['users', 'one_time_tokens', 'security_events', 'schema_migrations']) {
      expect(stdout).toContain(`COPY public.${table} `);
    }
  });
});

describe('the server', () => {
  const ask = async (statement: string): Promise<string> =>
    succeeded(await execIn('postgres', 'psql', '-U', 'postgres', '-d', 'redoubt', '-Atc', statement)).stdout.trim();

  it('SR-49: has one superuser, and nobody else with an attribute', async () => {
    const powerful = await ask(`select string_agg(rolname, ' ') from pg_roles
      where rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls`);
    expect(powerful).toBe('postgres');
  });

  it('SR-49: lets everybody create nothing, and gives everybody nothing', async () => {
    const rights = await ask(`
      select count(*) from (
        select (aclexplode(datacl)).* from pg_database where datname = 'redoubt'
        union all select (aclexplode(nspacl)).* from pg_namespace where nspname = 'public'
        union all select (aclexplode(relacl)).* from pg_class where relnamespace = 'public'::regnamespace
      ) as acl where grantee = 0`);
    expect(rights).toBe('0');
  });

  it('SR-28: stores every password as a SCRAM verifier', async () => {
    const kinds = await ask(`select string_agg(distinct split_part(rolpassword, '$', 1), ' ') from pg_authid
      where rolpassword is not null`);
    expect(kinds).toBe('SCRAM-SHA-256');
  });

  it('SR-49: takes no settings from a superuser that outlive a restart', async () => {
    const { code, stderr } = await psql(client, 'postgres', 'alter system set ssl = off');
    expect([code, stderr]).toEqual([1, `ERROR:  ${FEATURE_NOT_SUPPORTED}\n`]);
  });

  it('SR-49: lets no other role in by its socket, password or not', async () => {
    const { code, stderr } = await execIn('postgres', 'psql', '-U', 'app_runtime', '-d', 'redoubt', '-c', 'select 1');
    expect([code, stderr]).toEqual([2, expect.stringContaining('pg_hba.conf rejects connection')]);
  });

  it('SR-43: writes no row to its log, neither of a statement that failed nor of the row that broke a rule', async () => {
    const canary = `canary-${randomUUID()}`;
    const insert = `insert into users (id, email, role, created_at)
      values (gen_random_uuid(), '${canary}@mail.example', 'user', now())`;
    const { stderr } = await psql(client, 'app_runtime', `${insert}; ${insert}`);
    expect(stderr).toBe('ERROR:  23505\n');
    const log = succeeded(await compose('logs', '--no-color', '--tail', '200', 'postgres')).stdout;
    expect(log).toContain('users_email_key');
    expect(log).not.toContain(canary);
  });
});
