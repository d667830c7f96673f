import { sql } from 'kysely';
import { DEFAULT_ROLES, openEmbedded } from '../../src/index.ts';
import { describeInspection } from './database-inspection.ts';

describeInspection('the embedded twin', async () => {
  const database = await openEmbedded<unknown>();
  return {
    roles: DEFAULT_ROLES,
    runtime: database,
    migrator: database,
    async asSuperuser(statements) {
      // One connection serves everybody here: the role is taken off, and put on again.
      await sql.raw(`reset role; ${statements}; set role ${DEFAULT_ROLES.runtime}`).execute(database.kysely);
    },
    drop: () => database.close(),
  };
});
