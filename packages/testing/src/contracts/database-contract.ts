import type { Database, RoleNames } from '@redoubt/storage';
import { describe } from 'vitest';
import type { ContractSchema } from './contract-schema.ts';
import { describeMigrations } from './migrations-contract.ts';
import { describeRoles } from './roles-contract.ts';
import { describeRows } from './rows-contract.ts';

/** An empty database with its two roles. */
export interface DatabaseUnderContract {
  readonly roles: RoleNames;
  /** Connected as the migrator, or as somebody who may become it. */
  readonly migrator: Database<ContractSchema>;
  /** Working as the runtime role. An embedded database may be the same object as the migrator's. */
  readonly runtime: Database<ContractSchema>;
  /** Closes it and leaves nothing behind. */
  drop(): Promise<void>;
}

/** What a database has to bring along to be held to the contract. */
export interface DatabaseContract {
  /** Makes an empty database of its own. */
  readonly open: () => Promise<DatabaseUnderContract>;
}

/** What every {@link Database} does: the same tests for the twin and for a server. */
export function describeDatabaseContract(name: string, { open }: DatabaseContract): void {
  describe(`database contract: ${name}`, () => {
    describeRows(open);
    describeRoles(open);
    describeMigrations(open);
  });
}
