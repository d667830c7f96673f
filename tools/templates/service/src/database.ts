import { join } from 'node:path';

import { defineDatabase, type ServiceSchema } from '@redoubt/service';

import type { SampleItemsTables } from './sample-items/sample-items-tables.ts';

/** The tables of the service: those that every service has, and those of its modules. */
export type SampleServiceSchema = ServiceSchema & SampleItemsTables;

/** The name of the service, and its migrations: they stand beside `src/` and, in production, beside `dist/`. */
export const database = defineDatabase<SampleServiceSchema>({
  service: 'redoubt-sample-service',
  migrations: join(import.meta.dirname, '..', 'migrations'),
});
