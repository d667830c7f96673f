import { judgeClock, judgeDatabase, judgeSharedStore, type SelfCheck, unknownFacts } from '@redoubt/config';
import {
  countPendingMigrations,
  type Database,
  type DatabaseFacts,
  inspectDatabase,
  inspectSharedStore,
  type ValkeyOptions,
} from '@redoubt/storage';

import type { ServiceSchema } from '../database/service-database.ts';

/** Where the events are that nobody may change (SR-48). */
const AUDIT_TABLE = 'public.security_events';

/** The servers that the service leans on; an embedded one has nothing to judge, and is absent. */
export interface CheckedServers {
  /** The directory of the migrations that it should have. */
  readonly migrations: string;
  readonly database?: Database<ServiceSchema> | undefined;
  readonly sharedStore?: ValkeyOptions | undefined;
}

/** Looks at the servers through the service's own eyes: as its role, over its connections (SR-28, SR-49, SR-50). */
export function serverChecks({ migrations, database, sharedStore }: CheckedServers): readonly SelfCheck[] {
  return [
    ...(database === undefined ? [] : databaseChecks(database, migrations)),
    ...(sharedStore === undefined ? [] : [sharedStoreCheck(sharedStore)]),
  ];
}

function databaseChecks(database: Database<ServiceSchema>, migrations: string): readonly SelfCheck[] {
  let asked: Promise<DatabaseFacts> | undefined;
  // Both checks judge one look.
  const look = (): Promise<DatabaseFacts> => (asked ??= inspect(database, migrations));
  return [
    {
      area: 'database',
      name: 'the role of the service and its connection',
      run: async () => {
        const facts = await look();
        return { findings: judgeDatabase(facts), unknown: unknownFacts(facts) };
      },
    },
    {
      area: 'process',
      name: 'the clock, against the one of the database',
      run: async () => judgeClock({ databaseSkewMs: (await look()).clockSkewMs }),
    },
  ];
}

async function inspect(database: Database<ServiceSchema>, directory: string): Promise<DatabaseFacts> {
  const pendingMigrations = await countPendingMigrations({ database, directory });
  return inspectDatabase(database, { auditTable: AUDIT_TABLE, pendingMigrations });
}

function sharedStoreCheck(options: ValkeyOptions): SelfCheck {
  return {
    area: 'shared store',
    name: 'the user of the service and its connection',
    run: async () => {
      const facts = await inspectSharedStore(options);
      return { findings: judgeSharedStore(facts), unknown: unknownFacts(facts) };
    },
  };
}
