/** The service in production. Its commands are those of every service (packages/service). */
import { runService } from '@redoubt/service/run';

import { database } from './database.ts';

await runService({ database, load: async () => (await import('./service.ts')).sampleService });
