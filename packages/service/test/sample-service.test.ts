import { createUuidV7 } from '@redoubt/logging';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { verifyAuditChain } from '../src/security-events/verify-audit-chain.ts';
import { createTestService } from '../testing/create-test-service.ts';
import { sample } from './support/sample-service.ts';

type Sample = Awaited<ReturnType<typeof openSample>>;
function openSample() {
  return createTestService(sample);
}

let service: Sample;
beforeAll(async () => {
  service = await openSample();
});
afterAll(() => service.close());

const user = { id: createUuidV7(), role: 'user' };

async function write(text: string, key: string) {
  return service.post('/api/notes', { text }, { ...(await service.as(user)), 'idempotency-key': key });
}

describe('a small service', () => {
  it('SR-41: keeps what a user writes, once for each key', async () => {
    const first = await write('buy milk', 'sample-service-key-1');
    expect(first.statusCode).toBe(201);
    expect((await write('buy milk', 'sample-service-key-1')).headers['idempotency-replayed']).toBe('true');
    const { statusCode } = await write('buy bread', 'sample-service-key-2');
    expect(statusCode).toBe(201);
    expect((await write('buy more', 'sample-service-key-3')).statusCode).toBe(409);
    const list = await service.app.inject({ url: `/api/owners/${user.id}/notes`, headers: await service.as(user) });
    expect(list.json<{ items: { text: string }[] }>().items.map(({ text }) => text)).toEqual(['buy milk', 'buy bread']);
  });

  it('SR-2, SR-45, SR-48: hides what is not the caller’s, and chains the event of it in its own audit table', async () => {
    const headers = await service.as('user');
    expect((await service.app.inject({ url: `/api/owners/${user.id}/notes`, headers })).statusCode).toBe(404);
    const events = await service.app.inject({ url: '/api/admin/security-events', headers: await service.as('admin') });
    expect(events.json<{ items: { name: string }[] }>().items.map(({ name }) => name)).toContain('authz_fail');
    expect(await verifyAuditChain(service.dependencies.database.kysely)).toMatchObject({ kind: 'whole' });
  });
});
