import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRequestSigner } from '@redoubt/auth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { RealServers, type Replica } from './support/real-servers.ts';
import { createSigningService } from '@redoubt/service/testing';

const BILLING = 'spiffe://example.internal/ns/billing';
const PATH = '/api/services/me';

const billing = createSigningService('billing-1', BILLING);
// Behind one edge, both replicas are asked for one name.
const signer = createRequestSigner(billing.signer);
const sign = () => signer.sign({ method: 'GET', url: `https://api.service.example${PATH}` });

let servers: RealServers;
let directory: string;
let first: Replica;
let second: Replica;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'callers-'));
  const file = join(directory, 'callers.json');
  await writeFile(file, JSON.stringify([billing.caller]));
  servers = await RealServers.prepare();
  const settings = { SIGNED_CALLERS_FILE: file };
  first = await servers.start(settings);
  second = await servers.start(settings);
});
afterAll(async () => {
  await servers.close();
  await rm(directory, { recursive: true });
});

/** Says a name that `fetch` would not: the one that clients of the edge say. */
function statusAt({ origin }: Replica, headers: Readonly<Record<string, string>>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  request(new URL(PATH, origin), { headers: { ...headers, host: 'api.service.example' } }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  })
    .on('error', reject)
    .end();
  return promise;
}

describe('signed requests on two replicas of the production bundle', () => {
  it('SR-42: what one replica has taken, the other refuses', async () => {
    const headers = sign();
    expect(await statusAt(first, headers)).toBe(200);
    expect(await statusAt(second, headers)).toBe(401);
    expect(await statusAt(first, headers)).toBe(401);
    expect(await statusAt(second, sign())).toBe(200);
  });

  it('SR-42: one of 20 at once passes, whichever replica they reach', async () => {
    const headers = sign();
    const statuses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => statusAt(index % 2 === 0 ? first : second, headers)),
    );
    expect(statuses.toSorted((a, b) => a - b)).toStrictEqual([200, ...Array.from({ length: 19 }, () => 401)]);
  });

  it('SR-30: nobody passes while the store is away, and a replica that started later knows what was used', async () => {
    const used = sign();
    expect(await statusAt(first, used)).toBe(200);
    await servers.valkeyWire.cut();
    expect(await statusAt(first, sign())).toBe(503);
    expect(await statusAt(second, used)).toBe(503);
    await servers.valkeyWire.restore();
    let status = await statusAt(second, used);
    while (status === 503) status = await statusAt(second, used);
    expect(status).toBe(401);
    const third = await servers.start({ SIGNED_CALLERS_FILE: join(directory, 'callers.json') });
    expect(await statusAt(third, used)).toBe(401);
    expect(await statusAt(third, sign())).toBe(200);
  });
});
