import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { headersOf, hostileBodies } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp, type TestApp } from './support/test-app.ts';

let service: TestApp;

beforeAll(async () => {
  service = await createTestApp();
});
afterAll(() => service.close());

/** Routes with a body that anybody can reach. */
const urls = ['/api/auth/register', '/api/auth/login'];
/** Above what their 4 KiB let through, the size decides first. */
const CREDENTIALS_MAX_BYTES = 4 * 1024;
const REQUESTS = 10_000;
/** The heap may grow by this share over 10,000 hostile requests (SR-81). */
const MAX_GROWTH = 1.1;

async function attack(index: number): Promise<number> {
  const hostile = hostileBodies[index % hostileBodies.length];
  if (hostile === undefined) throw new RangeError('no such body');
  const url = urls[index % urls.length] ?? '';
  const { statusCode } = await service.app.inject({
    url,
    method: 'POST',
    headers: headersOf(hostile),
    payload: hostile.body,
  });
  const expected = hostile.body.length > CREDENTIALS_MAX_BYTES ? 413 : hostile.status;
  expect(statusCode).toBe(expected);
  return statusCode;
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
      expect(heapAfterCollection()).toBeLessThan(before * MAX_GROWTH);
    },
  );
});
