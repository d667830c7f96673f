import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { headersOf, hostileBodies } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp, type TestApp } from './support/test-app.ts';

let service: TestApp;
let admin: Record<string, string>;

beforeAll(async () => {
  service = await createTestApp();
  admin = await service.as(await service.createUser('admin'));
});
afterAll(() => service.close());

/** Routes with a body: two that take 4 KiB, and one that takes 100 KiB. */
const routes = [
  { url: '/api/auth/register', maxBytes: 4 * 1024 },
  { url: '/api/auth/login', maxBytes: 4 * 1024 },
  { url: '/api/users', maxBytes: 100 * 1024 },
];
const REQUESTS = 10_000;
/** What 10,000 requests may leave on the heap: less than 400 bytes each (SR-81). */
const MAX_GROWTH_BYTES = 4 * 1024 * 1024;

async function attack(index: number): Promise<void> {
  const hostile = hostileBodies[index % hostileBodies.length];
  const route = routes[index % routes.length];
  if (hostile === undefined || route === undefined) throw new RangeError('no such body');
  const response = await service.app.inject({
    url: route.url,
    method: 'POST',
    headers: { ...admin, 'idempotency-key': 'hostile-input-key', ...headersOf(hostile) },
    payload: hostile.body,
  });
  // Where the body is larger than the route takes, its size decides first.
  expect(response.statusCode).toBe(hostile.body.length > route.maxBytes ? 413 : hostile.status);
}

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

describe('10,000 hostile requests', () => {
  it(
    'SR-16, SR-18, SR-81: are each refused with the right 4xx, and leave the heap as it was',
    { timeout: 120_000 },
    async () => {
      service.log.destination.destroy();
      for (let index = 0; index < 1000; index += 1) await attack(index);
      const before = heapAfterCollection();
      for (let index = 0; index < REQUESTS; index += 1) await attack(index);
      expect(heapAfterCollection()).toBeLessThan(before + MAX_GROWTH_BYTES);
    },
  );
});
