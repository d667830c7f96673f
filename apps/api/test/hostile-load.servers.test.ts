import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type MeasuredReplica, startMeasured } from './support/measured-replica.ts';
import { RealServers } from './support/real-servers.ts';
import { soak } from './support/soak.ts';

let servers: RealServers;
let replicas: readonly MeasuredReplica[];

beforeAll(async () => {
  servers = await RealServers.prepare();
  replicas = await Promise.all([startMeasured(servers), startMeasured(servers)]);
});
afterAll(() => servers.close());

describe('two replicas of the production bundle', () => {
  it('SR-16, SR-81: refuse 10,000 hostile requests beside 500 silent connections each, and are as before', async () => {
    const figures = await soak(servers, replicas, { mix: 'hostile', requests: 10_000, idleConnections: 500 });
    expect(Object.keys(figures.answers).toSorted()).toEqual(['hostile body', 'invalid request', 'refused token']);
  }, 240_000);
});
