import { openEmbeddedDatabase as open } from '@redoubt/service/testing';
import type { Database } from '@redoubt/storage';

import { database, type DatabaseSchema } from '../../src/database-schema.ts';

/** Opens an embedded database of the service, with every migration applied. */
export function openEmbeddedDatabase(): Promise<Database<DatabaseSchema>> {
  return open(database);
}
