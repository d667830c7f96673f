import { createManualClock } from '@redoubt/testing';
import { describeSharedStoreContract } from '@redoubt/testing/contracts/shared-store-contract';
import { createMemoryStore } from '../../src/index.ts';

const clock = createManualClock();
const store = createMemoryStore({ now: clock.now });

describeSharedStoreContract('in memory', {
  open: () => store,
  openAlone: () => createMemoryStore({ now: clock.now }),
  advance: (milliseconds) => clock.advance(milliseconds),
});
