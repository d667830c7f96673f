import { describe, expect, it } from 'vitest';

import { owner, permission, recentSignIn, signedIn } from '../../src/access/access-rules.ts';
import { allOf, anyOf } from '../../src/access/combined-rules.ts';
import { decide } from '../../src/access/decide.ts';
import type { Principal, ServicePrincipal } from '../../src/access/principal.ts';
import { anyService, service } from '../../src/access/service-rules.ts';
import { caller, callingService, NOW_MS, OWN_ID } from './callers.ts';

const BILLING = 'spiffe://example.internal/ns/billing';
const billing = callingService(BILLING);
const shipping = callingService('spiffe://example.internal/ns/shipping');
const administrator = caller({ role: 'admin', permissions: new Set(['users:read']) });
const params = { id: OWN_ID };

function outcome(rule: Parameters<typeof decide>[0], principal: Principal): unknown {
  const decision = decide(rule, principal, { params });
  return decision === 'allow' || decision instanceof Promise ? decision : decision.deniedAs;
}

describe('service rules', () => {
  it('SR-28: let in the services that they name, and no other caller', () => {
    for (const rule of [service(BILLING), service({ allow: [BILLING] })]) {
      expect(outcome(rule, billing)).toBe('allow');
      expect(outcome(rule, shipping)).toBe('forbidden');
      expect(outcome(rule, administrator)).toBe('forbidden');
    }
    expect(outcome(service({ allow: [BILLING, shipping.serviceId] }), shipping)).toBe('allow');
  });

  it('SR-28: let in any service where the route leaves the choice to the listener, and still no user', () => {
    expect(outcome(anyService(), shipping)).toBe('allow');
    expect(outcome(anyService(), administrator)).toBe('forbidden');
    expect(outcome(anyService(), { ...billing, serviceId: '' } as unknown as ServicePrincipal)).toBe('forbidden');
  });

  it('SR-1: no rule for users lets a service in, even one that carries what users have', () => {
    const dressedUp = { ...administrator, ...billing, userId: OWN_ID, authenticatedAt: NOW_MS / 1000 };
    for (const principal of [billing, dressedUp]) {
      for (const rule of [signedIn(), permission('users:read'), recentSignIn({ now: () => NOW_MS })])
        expect(outcome(rule, principal)).not.toBe('allow');
      expect(outcome(owner('id'), principal)).toBe('not-found');
    }
  });

  it('SR-1: a user whose id is the name of a service is no service', () => {
    const namesake = { ...caller({ userId: BILLING }), serviceId: BILLING };
    expect(outcome(service(BILLING), namesake)).toBe('forbidden');
    expect(outcome(anyService(), namesake)).toBe('forbidden');
  });

  it('combine with other rules', () => {
    const either = anyOf(permission('users:read'), service(BILLING));
    expect([billing, shipping, administrator, caller()].map((who) => outcome(either, who))).toStrictEqual([
      'allow',
      'forbidden',
      'allow',
      'forbidden',
    ]);
    expect(outcome(allOf(anyService(), service(BILLING)), billing)).toBe('allow');
    expect(outcome(allOf(anyService(), service(BILLING)), shipping)).toBe('forbidden');
  });

  it('name what they demand, for the table of routes', () => {
    expect(service(BILLING)).toMatchObject({
      name: `service(${BILLING})`,
      requires: { kind: 'service', allow: [BILLING] },
    });
    expect(anyService()).toMatchObject({ name: 'any-service', requires: { kind: 'service', allow: 'any' } });
  });

  it.each(['', 'billing', '*', 'spiffe://example.internal', 'spiffe://example.internal/*'])(
    'SR-1: %j is refused as a name when the route is written',
    (name) => {
      expect(() => service(name)).toThrow(TypeError);
    },
  );

  it('SR-1: an empty list is refused: nobody means to write it', () => {
    expect(() => service({ allow: [] })).toThrow(TypeError);
  });
});
