import type { AddressInfo } from 'node:net';

import { createRequestSigner, createSignedOutboundClient, parseSpiffeId } from '@redoubt/auth';
import { createOutboundClient } from '@redoubt/outbound';
import { createMemoryStore } from '@redoubt/storage';
import { createManualClock, type ManualClock } from '@redoubt/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openEmbeddedDatabase } from './support/embedded-database.ts';
import { createSigningService } from '@redoubt/service/testing';
import { createTestApp, type TestApp } from './support/test-app.ts';
import { BILLING } from '@redoubt/service/testing';

const ME = '/api/services/me';
const SHIPPING = parseSpiffeId('spiffe://example.internal/ns/shipping');

const billing = createSigningService('billing-1', BILLING);
const successor = createSigningService('billing-2', BILLING);
const shipping = createSigningService('shipping-1', SHIPPING);
const stranger = createSigningService('billing-1', BILLING);

// One for all tests: opening it takes longer than most of them.
const database = await openEmbeddedDatabase();
afterAll(() => database.close());

let clock: ManualClock;
let service: TestApp;

beforeEach(async () => {
  clock = createManualClock();
  const signedCallers = [billing.caller, successor.caller, shipping.caller];
  service = await createTestApp({
    database,
    now: clock.now,
    sharedStore: createMemoryStore({ now: clock.now }),
    signedCallers,
  });
});
afterEach(() => service.close());

const sign = ({ signer } = billing, url = ME) =>
  createRequestSigner({ ...signer, now: clock.now }).sign({ method: 'GET', url: new URL(url, 'http://localhost') });

async function call(headers: Readonly<Record<string, string>>, url = ME) {
  const { statusCode, body } = await service.app.inject({ url, headers });
  return { status: statusCode, body: JSON.parse(body) as unknown };
}

describe('a service that signs its requests', () => {
  it('SR-42: is known by its name, with each of its keys', async () => {
    for (const key of [billing, successor])
      expect(await call(sign(key))).toStrictEqual({ status: 200, body: { serviceId: BILLING } });
    expect(await call(sign(shipping))).toStrictEqual({ status: 200, body: { serviceId: SHIPPING } });
  });

  it('SR-42: is nobody with another key under its name', async () => {
    expect((await call(sign(stranger))).status).toBe(401);
  });

  it('SR-42, SR-45: is refused when it repeats itself, which is an event that names it, once', async () => {
    const headers = sign();
    expect((await call(headers)).status).toBe(200);
    expect((await call(headers)).status).toBe(401);
    expect((await call({ ...headers, signature: 'sig=:AAAA:' })).status).toBe(401);
    await service.dependencies.detections.settled();
    const events = service.log.lines().flatMap(({ securityEvent }) => securityEvent ?? []);
    expect(events).toMatchObject([
      { name: 'authn_token_reuse', severity: 'critical', actorId: BILLING, details: { proof: 'signature' } },
      { name: 'alert_token_reuse', severity: 'critical', actorId: BILLING },
    ]);
  });

  it('SR-1: is no user', async () => {
    expect((await call(sign(billing, '/api/users/me'), '/api/users/me')).status).toBe(401);
  });

  it('SR-42: is nobody where no keys were given', async () => {
    const closed = await createTestApp({ database, now: clock.now });
    expect((await closed.app.inject({ url: ME, headers: sign() })).statusCode).toBe(401);
    await closed.close();
  });

  it('SR-29, SR-42: calls with the outbound client of another service', async () => {
    await service.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = service.app.server.address() as AddressInfo;
    const client = createSignedOutboundClient(
      createOutboundClient({ hosts: [{ host: '127.0.0.1', port, reach: 'loopback' }] }),
      createRequestSigner({ ...billing.signer, now: clock.now }),
    );
    for (let round = 0; round < 3; round += 1) {
      const { status, body } = await client.request({ method: 'GET', url: `http://127.0.0.1:${port}${ME}` });
      expect([status, body.toString()]).toStrictEqual([200, JSON.stringify({ serviceId: BILLING })]);
    }
    await client.close();
  });
});
