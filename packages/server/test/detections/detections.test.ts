import { createLogger, requestContext, type SecurityEventFacts } from '@redoubt/logging';
import { createMemoryStore, type SharedStore, SharedStoreUnavailableError } from '@redoubt/storage';
import { createLogCapture, createManualClock } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';

import { createDetections, type Detections, detectionRules, type Signal } from '../../src/index.ts';

const WINDOW_MS = 300_000;

interface Alert extends SecurityEventFacts {
  readonly name: string;
  readonly requestId: string | undefined;
}

/** Replicas with one store and one clock, and what they have raised. */
function createReplicas(count: number, store?: SharedStore) {
  const clock = createManualClock(WINDOW_MS * 1_000_000);
  const shared = store ?? createMemoryStore({ now: clock.now });
  const alerts: Alert[] = [];
  const counts = { alerts: [] as string[], local: 0, dropped: 0 };
  const log = createLogCapture();
  const replicas = Array.from({ length: count }, () =>
    createDetections({
      store: shared,
      now: clock.now,
      logger: createLogger({ service: 'test', level: 'debug', destination: log.destination }),
      metrics: {
        countAlert: (rule) => counts.alerts.push(rule),
        countLocalDetection: () => {
          counts.local += 1;
        },
        countDroppedSignal: () => {
          counts.dropped += 1;
        },
      },
      raise: (name, facts) => alerts.push({ name, requestId: requestContext.get()?.requestId, ...facts }),
    }),
  );
  const send = async (signals: readonly Signal[]): Promise<void> => {
    for (const [index, signal] of signals.entries()) replicas[index % replicas.length]?.observe(signal);
    await Promise.all(replicas.map((replica: Detections) => replica.settled()));
  };
  return { clock, alerts, counts, log, send, first: replicas[0] };
}

function repeat(times: number, signal: (index: number) => Signal): Signal[] {
  return Array.from({ length: times }, (_, index) => signal(index));
}

const address = (index: number): string => `203.0.113.${index % 250}`;
const failure = (account: string, clientAddress: string): Signal => ({
  name: 'authn_login_fail',
  clientAddress,
  details: { account },
});

/** For each rule, signals that make an alert, and as many that just do not. */
const cases: Record<string, { fires: Signal[]; misses: Signal[]; alert: object }> = {
  password_guessing: {
    fires: repeat(10, (index) => failure('a', address(index))),
    misses: [
      ...repeat(9, (index) => failure('a', address(index))),
      ...repeat(9, (index) => failure('b', address(index))),
    ],
    alert: { name: 'alert_password_guessing', details: { account: 'a', count: 10 } },
  },
  password_spraying: {
    fires: repeat(50, (index) => failure(`account-${index % 20}`, '203.0.113.7')),
    misses: [
      ...repeat(49, (index) => failure(`account-${index}`, '203.0.113.7')),
      // Many failures, and few accounts: an office behind one address.
      ...repeat(150, (index) => failure(`other-${index % 19}`, '203.0.113.8')),
    ],
    alert: { name: 'alert_password_spraying', clientAddress: '203.0.113.7', details: { count: 50, accounts: 20 } },
  },
  token_reuse: {
    fires: [{ name: 'authn_token_reuse', actorId: 'user-1', requestId: 'request-1' }],
    misses: [{ name: 'authn_token_created', actorId: 'user-1' }],
    alert: { name: 'alert_token_reuse', actorId: 'user-1', requestId: 'request-1', details: { count: 1 } },
  },
  role_grant: {
    fires: [{ name: 'authz_change', actorId: 'admin-1', subjectId: 'user-1' }],
    misses: [{ name: 'user_updated', actorId: 'admin-1', subjectId: 'user-1' }],
    alert: { name: 'alert_role_grant', actorId: 'admin-1', subjectId: 'user-1' },
  },
  privilege_escalation: {
    fires: repeat(20, () => ({ name: 'authz_fail', actorId: 'user-1' })),
    misses: repeat(38, (index) => ({ name: 'authz_fail', actorId: `user-${index % 2}` })),
    alert: { name: 'alert_privilege_escalation', actorId: 'user-1', details: { count: 20 } },
  },
  scanning: {
    // One customer's IPv6 network is one address.
    fires: repeat(100, (index) => ({ name: 'not_found', clientAddress: `2001:db8::${index.toString(16)}` })),
    misses: repeat(198, (index) => ({ name: 'not_found', clientAddress: address(index % 2) })),
    alert: { name: 'malicious_excess_404', details: { count: 100 } },
  },
};

describe('the detections', () => {
  it('SR-46: have a case for each rule', () => {
    expect(Object.keys(cases)).toEqual(detectionRules.map(({ name }) => name));
  });

  for (const [rule, { fires, misses, alert }] of Object.entries(cases)) {
    it(`SR-46: ${rule} rings once for what reaches the numbers, over three replicas together`, async () => {
      const { alerts, counts, send } = createReplicas(3);
      await send(fires);
      const own = alerts.filter(({ name }) => name === (alert as Alert).name);
      expect(own).toHaveLength(1);
      expect(own[0]).toMatchObject(alert);
      expect(counts.alerts).toContain(rule);
    });

    it(`SR-46: ${rule} is silent for what just does not`, async () => {
      const { counts, send } = createReplicas(3);
      await send(misses);
      expect(counts.alerts.filter((name) => name === rule)).toEqual([]);
    });

    it(`SR-46: ${rule} does not ring for what is spread over twice the time`, async () => {
      const { clock, counts, send } = createReplicas(1);
      if (fires.length === 1) return expect(fires).toHaveLength(1); // one alone needs no window
      for (const signal of fires) {
        await send([signal]);
        clock.advance((2 * WINDOW_MS) / fires.length);
      }
      expect(counts.alerts.filter((name) => name === rule)).toEqual([]);
    });
  }

  it('SR-46: ring for what reaches the numbers over the border of two buckets', async () => {
    const { clock, counts, send } = createReplicas(2);
    clock.advance(WINDOW_MS - 1);
    await send(repeat(5, (index) => failure('a', address(index))));
    clock.advance(1);
    await send(repeat(5, (index) => failure('a', address(index))));
    expect(counts.alerts).toEqual(['password_guessing']);
  });

  it('SR-46: ring again in the next window when the attack goes on, and once in each', async () => {
    const { clock, counts, send } = createReplicas(2);
    for (let round = 0; round < 3; round += 1) {
      await send(repeat(40, (index) => failure('a', address(index))));
      clock.advance(WINDOW_MS);
    }
    expect(counts.alerts).toEqual(['password_guessing', 'password_guessing', 'password_guessing']);
  });

  it('SR-46: go on, each replica alone, while the shared store is away, and a metric says so', async () => {
    let calls = 0;
    const away = new Proxy({} as SharedStore, {
      get: () => () => {
        calls += 1;
        return Promise.reject(new SharedStoreUnavailableError('timeout'));
      },
    });
    const { alerts, counts, send, log } = createReplicas(2, away);
    await send(repeat(20, (index) => failure('a', address(index))));
    // Each replica has seen ten.
    expect(alerts.map(({ name }) => name)).toEqual(['alert_password_guessing', 'alert_password_guessing']);
    expect(counts.local).toBeGreaterThanOrEqual(20);
    expect(log.text()).toContain('detections count for this replica alone');
    const before = calls;
    await send(repeat(20, (index) => failure('b', address(index))));
    expect(calls).toBe(before);
  });

  it('SR-30: no fault of a detection reaches who tells of something', async () => {
    const broken = new Proxy({} as SharedStore, { get: () => () => Promise.reject(new TypeError('broken')) });
    const { send, log } = createReplicas(1, broken);
    await send([failure('a', address(1))]);
    expect(log.text()).toContain('a detection failed');
  });

  it('SR-40: cost a flood of one address no memory and no store', async () => {
    const { counts, send } = createReplicas(1);
    await send(cases['scanning']?.fires ?? []);
    await send(repeat(20_000, () => ({ name: 'not_found', clientAddress: '2001:db8::1' })));
    expect(counts.dropped).toBe(0);
    await send(
      repeat(20_000, (index) => ({ name: 'not_found', clientAddress: `198.51.${index % 100}.${index % 250}` })),
    );
    expect(counts.dropped).toBe(15_000);
  });

  it('SR-47: carry the id of the request that went over the number, and no other', async () => {
    const { alerts, first } = createReplicas(1);
    requestContext.run({ requestId: 'a-stranger', userId: 'stranger' }, () => {
      for (let index = 0; index < 10; index += 1)
        first?.observe({ ...failure('a', address(index)), requestId: `request-${index}` });
    });
    await first?.settled();
    expect(alerts).toMatchObject([{ requestId: 'request-9' }]);
  });
});
