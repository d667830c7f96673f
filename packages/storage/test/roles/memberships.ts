import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoles, type RoleMembers } from '../../src/index.ts';
import { type AttackedDatabase, createPasswords } from './reading-roles.ts';

/** Roles that the test makes: roles belong to a whole server, which others use, too. */
const PREFIX = `foreign_${randomBytes(4).toString('hex')}`;
const FOREIGN = [`${PREFIX}_one`, `${PREFIX}_two`, `${PREFIX}_three`] as const;
const [ONE, TWO, THREE] = FOREIGN;

const KINDS = ['migrator', 'runtime', 'reader', 'backup'] as const;

/** SR-49: whatever memberships somebody grants, making the roles again takes away, but the expected ones. */
export function describeMemberships(name: string, open: () => Promise<AttackedDatabase>): void {
  describe(`memberships of the roles: ${name}`, () => {
    let database: AttackedDatabase;

    beforeAll(async () => {
      database = await open();
      const { superuser, roles } = database;
      await createRoles({ database: superuser, roles, ...createPasswords() });
      for (const role of FOREIGN) await run(`create role ${role} login`);
    });

    afterAll(async () => {
      for (const role of FOREIGN) await run(`drop role ${role}`);
      await database.drop();
    });

    const run = (statements: string): Promise<unknown> => sql.raw(statements).execute(database.superuser.kysely);

    const prepare = (members?: RoleMembers) => {
      const { superuser, roles } = database;
      return createRoles({ database: superuser, roles, ...(members === undefined ? {} : { members }) });
    };

    for (const kind of KINDS) {
      it(`SR-49: the ${kind} is a member of nothing any more, and nobody is a member of it`, async () => {
        const role = database.roles[kind];
        await run(`grant pg_read_all_data, pg_execute_server_program, ${ONE} to ${role}`);
        await run(`grant ${role} to ${TWO}`);
        expect(await prepare()).toStrictEqual(
          [
            { role, member: TWO },
            ...[ONE, 'pg_execute_server_program', 'pg_read_all_data'].map((other) => ({ role: other, member: role })),
          ].toSorted((a, b) => (a.role < b.role ? -1 : 1)),
        );
        expect(await membershipsOf(database)).toStrictEqual([]);
      });
    }

    it('SR-49: no role of the service is a member of another one', async () => {
      const { migrator, runtime, reader } = database.roles;
      await run(`grant ${migrator} to ${runtime}, ${reader}`);
      await prepare({ migrator: [runtime, `${reader.slice(0, 8)}*`] });
      expect(await membershipsOf(database)).toStrictEqual([]);
    });

    it('SR-49: what somebody else granted goes, and what was granted on with it', async () => {
      const { runtime } = database.roles;
      await run(`grant ${runtime} to ${ONE} with admin option`);
      await run(`set role ${ONE}; grant ${runtime} to ${TWO} with admin option; set role ${TWO};
        grant ${runtime} to ${THREE}; reset role`);
      await prepare();
      expect(await membershipsOf(database)).toStrictEqual([]);
    });

    it('SR-49: what an expected member granted on goes, and its own membership stays', async () => {
      const { runtime } = database.roles;
      await run(`grant ${runtime} to ${ONE} with admin option; set role ${ONE};
        grant ${runtime} to ${TWO}; reset role`);
      expect(await prepare({ runtime: [ONE] })).toStrictEqual([{ role: runtime, member: TWO }]);
      expect(await membershipsOf(database)).toStrictEqual([`${runtime} to ${ONE}`]);
      await prepare();
    });

    it('SR-52: login roles of rotations stay members of the role that they are named for, and of no other', async () => {
      const { migrator, runtime } = database.roles;
      await run(`grant ${runtime} to ${ONE}, ${TWO}, ${THREE}; grant ${migrator} to ${ONE}, ${TWO}`);
      await prepare({ runtime: [ONE, `${PREFIX}_tw*`], migrator: [TWO] });
      expect(await membershipsOf(database)).toStrictEqual([
        `${migrator} to ${TWO}`,
        `${runtime} to ${ONE}`,
        `${runtime} to ${TWO}`,
      ]);
      await prepare();
      expect(await membershipsOf(database)).toStrictEqual([]);
    });

    it('SR-49: of roles that are not its own it changes nothing', async () => {
      await run(`grant ${ONE} to ${TWO}`);
      expect(await prepare()).toStrictEqual([]);
      const { rows } = await sql`
        select pg_has_role(${TWO}, ${ONE}, 'MEMBER') as "stays"`.execute(database.superuser.kysely);
      expect(rows).toStrictEqual([{ stays: true }]);
    });

    for (const pattern of ['*', 'a*', '', 'a"b', 'v-*-*', 'ab;', 'a'.repeat(64)]) {
      it(`SR-49: ${JSON.stringify(pattern.slice(0, 8))} names nobody who could stay`, async () => {
        await expect(prepare({ runtime: [pattern] })).rejects.toThrow(TypeError);
      });
    }
  });
}

/** Every membership of which one side is a role of the service. */
async function membershipsOf({ roles, superuser }: AttackedDatabase): Promise<readonly string[]> {
  const names = Object.values(roles);
  const { rows } = await sql<{ membership: string }>`
    select distinct r.rolname || ' to ' || m.rolname as membership
    from pg_auth_members a join pg_roles r on r.oid = a.roleid join pg_roles m on m.oid = a.member
    where r.rolname in (${sql.join(names)}) or m.rolname in (${sql.join(names)})
    order by 1`.execute(superuser.kysely);
  return rows.map(({ membership }) => membership);
}
