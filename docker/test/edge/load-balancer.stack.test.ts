import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LoneEdge } from './support/lone-edge.ts';
import { observe } from './support/observe.ts';
import type { RawAnswer } from './support/raw-answer.ts';

/** What nginx/README.md has for an edge behind load balancers: here, whoever connects through Docker, and one before it. */
const profile = [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '198.51.100.0/24'].map((range) => `set_real_ip_from ${range};`),
  'real_ip_header X-Forwarded-For;',
  'real_ip_recursive on;',
].join('\n');

/** What nginx/templates/conf.d/public.conf.template lets through at once below /api/auth/. */
const BURST = 20;

let edge: LoneEdge;
beforeAll(async () => {
  // So slow that no place is free again while a test runs.
  edge = await LoneEdge.start({ profile, authRate: '1r/m' });
});
afterAll(() => edge[Symbol.asyncDispose]());

function askFrom(forwardedFor: string, path = '/api/auth/login'): Promise<RawAnswer> {
  return edge.ask({ path, headers: [['X-Forwarded-For', forwardedFor]] });
}

async function exhaust(forwardedFor: string): Promise<void> {
  for (let count = 0; count <= BURST; count += 1) expect((await askFrom(forwardedFor)).status).toBe(200);
  expect((await askFrom(forwardedFor)).status).toBe(429);
}

describe('SR-22, SR-23: behind a load balancer', () => {
  it('the client is who the last trusted hop says that it is, whatever stands before', async () => {
    for (const [list, address] of [
      ['203.0.113.7', '203.0.113.7'],
      ['6.6.6.6, 203.0.113.7', '203.0.113.7'],
      ['6.6.6.6, 203.0.113.7, 198.51.100.9', '203.0.113.7'],
    ] as const) {
      const { body } = await askFrom(list, '/echo');
      const { rawHeaders } = JSON.parse(body) as { rawHeaders: readonly string[] };
      expect(rawHeaders[rawHeaders.indexOf('X-Forwarded-For') + 1]).toBe(address);
    }
    observe('behind-a-balancer', 'the address that the last trusted hop gives, and no list');
  });

  it('each client has a budget of its own', async () => {
    await exhaust('203.0.113.20');
    expect((await askFrom('203.0.113.21')).status).toBe(200);
    observe('two-clients', "one's budget used up: 429; the other's is untouched");
  });

  it('a client cannot get out of its budget within its IPv6 network', async () => {
    await exhaust('2001:db8:1:2::1');
    for (const neighbour of ['2001:db8:1:2::2', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2:a:b:c:d'])
      expect([neighbour, (await askFrom(neighbour)).status]).toEqual([neighbour, 429]);
    for (const stranger of ['2001:db8:1:3::1', '2001:db8:2:2::1'])
      expect([stranger, (await askFrom(stranger)).status]).toEqual([stranger, 200]);
    observe('ipv6-networks', 'the whole /64 has one budget; another /64 its own');
  });
});
