import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type MeasuredReplica, startMeasured } from './support/measured-replica.ts';
import { RealServers } from './support/real-servers.ts';
import { soak } from './support/soak.ts';

const REQUESTS = 100_000;
/** Ten times what a small machine needs. */
const TIMEOUT_MS = 3_600_000;

let servers: RealServers;
let replicas: readonly MeasuredReplica[];

beforeAll(async () => {
  servers = await RealServers.prepare();
  // A line for each request would fill the memory of the one who reads them.
  const settings = { LOG_LEVEL: 'error' };
  replicas = await Promise.all([startMeasured(servers, settings), startMeasured(servers, settings)]);
});
afterAll(() => servers.close());

describe('two replicas of the production bundle', () => {
  it(
    'SR-41, SR-81: answer 100,000 mixed requests rightly, lose nothing and leak nothing',
    async () => {
      const figures = await soak(servers, replicas, { mix: 'mixed', requests: REQUESTS, idleConnections: 0 });
      console.log(JSON.stringify(figures, undefined, 2));
      expect(figures.answers['write']).toBeGreaterThan(REQUESTS / 20);
    },
    TIMEOUT_MS,
  );
});
