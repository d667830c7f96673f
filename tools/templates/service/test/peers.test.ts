import { createTestService } from '@redoubt/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { sampleService } from '../src/service.ts';
import { SERVICE_ID, StandInApi } from './support/stand-in-api.ts';

let standIn: StandInApi;
beforeAll(async () => {
  standIn = await StandInApi.start();
});
afterAll(() => standIn.close());

/** What an administrator gets, when api is believed by that authority. */
async function ask(authority: 'servers' | 'strangers') {
  const { calls } = standIn.open(authority);
  const service = await createTestService(sampleService, { adapters: { api: calls } });
  try {
    return await service.app.inject({ url: '/api/peers/api', headers: await service.as('admin') });
  } finally {
    await service.close();
  }
}

describe('a call to api', () => {
  it('SR-28: proves who calls, by the certificate of this service', async () => {
    const answer = await ask('servers');
    expect([answer.statusCode, answer.json()]).toEqual([200, { serviceId: SERVICE_ID }]);
  });

  it('SR-28: says nothing to somebody whom another authority vouches for', async () => {
    expect((await ask('strangers')).statusCode).toBe(503);
  });
});
