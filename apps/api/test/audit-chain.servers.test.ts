import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SecurityEventStore, verifyAuditChain } from '@redoubt/service/testing';
import { createEvent, describeAuditChain } from './support/audit-chain-contract.ts';
import { createRealDatabase, type RealDatabase } from './support/real-database.ts';

let real: RealDatabase;
beforeAll(async () => {
  real = await createRealDatabase();
});
afterAll(() => real.drop());

describeAuditChain('PostgreSQL', () => real);

describe('two replicas', () => {
  it('SR-48: that each append 500 events at once, one by one and in batches, make one chain', async () => {
    const replicas = [real.openReplica(), real.openReplica()];
    try {
      const { kysely } = real.database;
      const before = await verifyAuditChain(kysely);
      await Promise.all(
        replicas.map(async (replica) => {
          const store = new SecurityEventStore(replica.kysely);
          for (let done = 0, size = 1; done < 500; done += size) {
            size = Math.min(500 - done, (done % 7) * 15 + 1);
            await store.append(Array.from({ length: size }, (_, index) => createEvent(done + index)));
          }
        }),
      );
      const after = await verifyAuditChain(kysely);
      if (before.kind !== 'whole' || after.kind !== 'whole') throw new Error('the chain is broken');
      expect(after.head.sequence - before.head.sequence).toBe(1_000n);
    } finally {
      await Promise.all(replicas.map((replica) => replica.close()));
    }
  });
});
