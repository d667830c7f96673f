/**
 * The service in production: `main.js` serves, and `main.js create-administrator <address>` lets the first administrator in.
 * The other commands are those of every service (packages/service).
 */
import { runService } from '@redoubt/service/run';

import { database } from './database-schema.ts';

await runService({
  database,
  load: async () => (await import('./service.ts')).api,
  commands: {
    'create-administrator': async (address) =>
      (await import('./production/create-administrator.ts')).createAdministrator(address),
  },
});
