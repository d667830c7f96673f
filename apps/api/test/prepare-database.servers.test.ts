import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { fixedSecret, Secret } from '@redoubt/secrets';
import { DEFAULT_ROLES, openPostgres, type RoleNames } from '@redoubt/storage';
import { startChild } from '@redoubt/testing';
import { readServers } from '@redoubt/testing/contracts/servers';
import { asSuperuser } from '@redoubt/testing/contracts/test-database';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The bundle, as production runs it. */
const bundle = join(import.meta.dirname, '..', 'dist', 'main.js');

/** SQLSTATE of a password that is not the role's (PostgreSQL manual, appendix A). */
const INVALID_PASSWORD = '28P01';

type Passwords = Readonly<Record<keyof RoleNames, string>>;

const name = `test_${randomBytes(8).toString('hex')}`;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'preparation-'));
  await asSuperuser('postgres', ({ kysely }) => sql`create database ${sql.id(name)}`.execute(kysely));
});

afterAll(async () => {
  await asSuperuser('postgres', async ({ kysely }) => {
    await sql`drop database ${sql.id(name)} with (force)`.execute(kysely);
    await sql`drop role if exists ${sql.id(DEFAULT_ROLES.backup)}`.execute(kysely);
  });
  await rm(directory, { recursive: true });
});

function createPasswords(): Passwords {
  const create = (): string => randomBytes(24).toString('base64url');
  return { migrator: create(), runtime: create(), reader: create(), backup: create() };
}

/** Runs the command with these passwords in files. */
async function prepare(
  passwords: Passwords,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; output: string }> {
  const { url, password } = readServers().postgres;
  const address = new URL(url);
  address.pathname = `/${name}`;
  const environment = {
    PREPARE_DATABASE_URL: address.href,
    PREPARE_DATABASE_PASSWORD: await writeSecret('superuser', password?.expose() ?? randomBytes(24).toString('hex')),
    PREPARE_MIGRATOR_PASSWORD: await writeSecret('migrator', passwords.migrator),
    PREPARE_RUNTIME_PASSWORD: await writeSecret('runtime', passwords.runtime),
    PREPARE_READER_PASSWORD: await writeSecret('reader', passwords.reader),
    PREPARE_BACKUP_PASSWORD: await writeSecret('backup', passwords.backup),
    DATABASE_TLS: 'off',
    ...settings,
  };
  const child = startChild(bundle, environment, ['prepare-database']);
  return { code: await child.exited, output: child.output() };
}

async function writeSecret(file: string, value: string): Promise<string> {
  const path = join(directory, file);
  await writeFile(path, value, { mode: 0o600 });
  return pathToFileURL(path).href;
}

/** Who the server says that a role is, signed in with a password. */
async function signIn(role: keyof RoleNames, password: string): Promise<unknown> {
  const url = new URL(readServers().postgres.url);
  url.username = DEFAULT_ROLES[role];
  url.pathname = `/${name}`;
  const options = { url: url.href, password: fixedSecret(Secret.of(password)), applicationName: 'test', poolMax: 1 };
  const { kysely, close } = openPostgres<unknown>(options);
  try {
    return (await sql<{ role: string }>`select current_user as role`.execute(kysely)).rows[0]?.role;
  } finally {
    await close();
  }
}

/** Who may do what these roles may, and what else they may do. */
async function membershipsOf(roles: readonly string[]): Promise<readonly unknown[]> {
  return asSuperuser(name, async ({ kysely }) => {
    const { rows } = await sql`
      select r.rolname as role, m.rolname as member
      from pg_auth_members a join pg_roles r on r.oid = a.roleid join pg_roles m on m.oid = a.member
      where r.rolname in (${sql.join(roles)}) or m.rolname in (${sql.join(roles)})`.execute(kysely);
    return rows;
  });
}

describe('main.js prepare-database', () => {
  it('SR-49: makes the roles, each with its own password, and says so without saying any', async () => {
    const passwords = createPasswords();
    const { code, output } = await prepare(passwords);
    expect([code, output]).toEqual([0, expect.stringContaining('the roles of the database are as they should be')]);
    for (const role of ['migrator', 'runtime', 'reader', 'backup'] as const) {
      expect(await signIn(role, passwords[role])).toBe(DEFAULT_ROLES[role]);
      expect(output).not.toContain(passwords[role]);
    }
  });

  it('SR-49: run again with other passwords, the old ones open nothing', async () => {
    const [before, after] = [createPasswords(), createPasswords()];
    expect(await prepare(before)).toMatchObject({ code: 0 });
    expect(await prepare(after)).toMatchObject({ code: 0 });
    for (const role of ['migrator', 'runtime', 'reader', 'backup'] as const) {
      expect(await signIn(role, after[role])).toBe(DEFAULT_ROLES[role]);
      await expect(signIn(role, before[role])).rejects.toMatchObject({ cause: { code: INVALID_PASSWORD } });
    }
  });

  it('SR-49: run again, it revokes memberships that nobody named, and says which', async () => {
    const [outsider, rotated] = [`${name}_outsider`, `v-${name}-rotated`];
    const passwords = createPasswords();
    expect(await prepare(passwords)).toMatchObject({ code: 0 });
    const { migrator, runtime } = DEFAULT_ROLES;
    await asSuperuser(name, async ({ kysely }) => {
      await sql`create role ${sql.id(outsider)} login in role ${sql.id(migrator)}, ${sql.id(runtime)}`.execute(kysely);
      await sql`create role ${sql.id(rotated)} login in role ${sql.id(runtime)}`.execute(kysely);
      await sql`grant pg_write_all_data to ${sql.id(runtime)}`.execute(kysely);
    });
    try {
      const { code, output } = await prepare(passwords, { PREPARE_RUNTIME_MEMBERS: `v-${name}-*` });
      expect(code).toBe(0);
      expect(output).toContain(`{"role":"${runtime}","member":"${outsider}"}`);
      expect(output).toContain(`{"role":"pg_write_all_data","member":"${runtime}"}`);
      expect(await membershipsOf([migrator, runtime])).toEqual([{ role: runtime, member: rotated }]);
    } finally {
      await asSuperuser(name, ({ kysely }) => sql`drop role ${sql.id(outsider)}, ${sql.id(rotated)}`.execute(kysely));
    }
  });

  const weak: Readonly<Record<string, [change: (passwords: Passwords) => Passwords, id: string]>> = {
    'that is short': [(passwords) => ({ ...passwords, migrator: randomBytes(12).toString('hex') }), 'RD-042'],
    'that two roles share': [(passwords) => ({ ...passwords, runtime: passwords.migrator }), 'RD-046'],
    'of few characters': [(passwords) => ({ ...passwords, reader: 'ab'.repeat(20) }), 'RD-041'],
    'that is empty': [(passwords) => ({ ...passwords, backup: '' }), 'RD-030'],
  };

  for (const [what, [change, id]] of Object.entries(weak)) {
    it(`SR-51: with a password ${what} exits 78, says which, and has changed nothing`, async () => {
      const sound = createPasswords();
      expect(await prepare(sound)).toMatchObject({ code: 0 });
      const passwords = change(createPasswords());
      const { code, output } = await prepare(passwords);
      expect([code, output]).toEqual([78, expect.stringContaining(id)]);
      for (const password of Object.values(passwords).filter((value) => value !== '')) {
        expect(output).not.toContain(password);
      }
      expect(await signIn('runtime', sound.runtime)).toBe(DEFAULT_ROLES.runtime);
    });
  }

  it('SR-53: with a setting that it does not have exits 78', async () => {
    const { code, output } = await prepare(createPasswords(), { PREPARE_READER: 'file:///run/secrets/reader' });
    expect([code, output]).toEqual([78, expect.stringContaining('PREPARE_READER')]);
  });

  it('SR-49: ends with 1 as a role that is no superuser', async () => {
    const passwords = createPasswords();
    expect(await prepare(passwords)).toMatchObject({ code: 0 });
    const address = new URL(readServers().postgres.url);
    address.username = DEFAULT_ROLES.migrator;
    address.pathname = `/${name}`;
    const { code } = await prepare(createPasswords(), {
      PREPARE_DATABASE_URL: address.href,
      PREPARE_DATABASE_PASSWORD: await writeSecret('someone', passwords.migrator),
    });
    expect(code).toBe(1);
    expect(await signIn('migrator', passwords.migrator)).toBe(DEFAULT_ROLES.migrator);
  });
});
