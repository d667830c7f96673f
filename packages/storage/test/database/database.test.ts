import { DEFAULT_ROLES, openEmbedded } from '@redoubt/storage';
import type { ContractSchema } from '@redoubt/testing/contracts/contract-schema';
import { describeDatabaseContract } from '@redoubt/testing/contracts/database-contract';

describeDatabaseContract('embedded', {
  async open() {
    const database = await openEmbedded<ContractSchema>();
    return { roles: DEFAULT_ROLES, migrator: database, runtime: database, drop: () => database.close() };
  },
});
