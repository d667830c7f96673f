import { borrowEngine, DEFAULT_ROLES, lendEngine, openEmbedded, openEmbeddedEngine } from '@redoubt/storage';
import type { ContractSchema } from '@redoubt/testing/contracts/contract-schema';
import { describeDatabaseContract } from '@redoubt/testing/contracts/database-contract';
import { linkedChannels } from '../embedded/linked-channels.ts';

describeDatabaseContract('embedded', {
  async open() {
    const database = await openEmbedded<ContractSchema>();
    return { roles: DEFAULT_ROLES, migrator: database, runtime: database, drop: () => database.close() };
  },
});

describeDatabaseContract('embedded, borrowed from another process', {
  async open() {
    const engine = await openEmbeddedEngine();
    const { near, far, cut } = linkedChannels();
    const lent = lendEngine(engine, far);
    const database = await openEmbedded<ContractSchema>({ engine: borrowEngine(near) });
    return {
      roles: DEFAULT_ROLES,
      migrator: database,
      runtime: database,
      async drop() {
        await database.close();
        cut();
        await lent;
        await engine.close();
      },
    };
  },
});
