import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp, type TestApp } from './support/test-app.ts';

/** The routes that the committed surface says are read by an administrator with a permission, and the others for users. */
const document = readFileSync(join(import.meta.dirname, '..', 'surface.md'), 'utf8');
const reads = document
  .split('\n')
  .map((line) =>
    /^\| public \| GET (\S+) \| (?!public)(\S.*?) \|.*\| (authz\S.*?) \| no-store \|$/.exec(line)?.slice(1, 4),
  )
  .filter((found) => found !== undefined)
  .filter(([, access]) => access !== 'any-service');

let service: TestApp;
beforeAll(async () => {
  service = await createTestApp();
});
afterAll(() => service.close());

describe('the committed surface', () => {
  it('has routes to be tried', () => {
    expect(reads.length).toBeGreaterThan(3);
  });

  for (const [url = '', , events = ''] of reads) {
    it(`SR-45: tells what GET ${url} raises for an administrator`, async () => {
      const admin = await service.createUser('admin');
      const headers = await service.as(admin);
      const user = await service.createUser('user');
      const before = service.log.text().length;
      await service.app.inject({ url: url.replace(':id', user.id), headers });
      await service.dependencies.securityEvents.settled();
      expect(service.log.text().slice(before).includes('authz_admin')).toBe(events.includes('admin'));
    });
  }
});
