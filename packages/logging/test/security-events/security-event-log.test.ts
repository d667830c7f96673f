import { describe, expect, it } from 'vitest';
import {
  createSecurityEventLog,
  requestContext,
  securityEventCatalogue,
  type SecurityEvent,
  type SecurityEventName,
} from '../../src/index.ts';
import { createShortCanary } from '../canary.ts';
import { captureLog, frozenNow } from '../captured-log.ts';

const names = Object.keys(securityEventCatalogue) as SecurityEventName[];

interface HeldSink {
  readonly taken: SecurityEvent[];
  readonly release: () => void;
  readonly sink: (events: readonly SecurityEvent[]) => Promise<void>;
}

/** A sink that keeps what it is handed and answers when it is told to. */
function createHeldSink(): HeldSink {
  const taken: SecurityEvent[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    taken,
    release: resolve,
    sink: (events) => {
      taken.push(...events);
      return promise;
    },
  };
}

describe('the catalogue', () => {
  it('SR-45, SR-52: holds the names of the requirement and of rotation, each with a severity and a meaning', () => {
    expect(names.toSorted()).toEqual(
      [
        ...['success', 'successafterfail', 'fail', 'lock'].map((end) => `authn_login_${end}`),
        'authn_password_change',
        ...['created', 'revoked', 'reuse'].map((end) => `authn_token_${end}`),
        ...['fail', 'change', 'admin'].map((end) => `authz_${end}`),
        'excess_rate_limit_exceeded',
        'input_validation_fail',
        ...['cors', 'excess_404', 'extraneous'].map((end) => `malicious_${end}`),
        ...['created', 'expired', 'use_after_expire'].map((end) => `session_${end}`),
        ...['startup', 'shutdown', 'crash'].map((end) => `sys_${end}`),
        ...['rotated', 'refresh_failed', 'expired'].map((end) => `sys_secret_${end}`),
        ...['created', 'updated'].map((end) => `user_${end}`),
        ...['password_guessing', 'password_spraying', 'token_reuse', 'role_grant', 'privilege_escalation'].map(
          (rule) => `alert_${rule}`,
        ),
      ].toSorted(),
    );
    for (const name of names) {
      const { severity, meaning } = securityEventCatalogue[name];
      expect(['info', 'warning', 'critical']).toContain(severity);
      expect(meaning).toMatch(/^[A-Z][^\n]{10,80}$/);
    }
  });

  it('SR-8: reuse of a token is critical', () => {
    expect(securityEventCatalogue.authn_token_reuse.severity).toBe('critical');
  });
});

describe('a security event', () => {
  it('SR-45: is logged exactly once and handed to the sink exactly once, with who, whom, where, when and why', async () => {
    const captured = captureLog();
    const events: SecurityEvent[] = [];
    const log = createSecurityEventLog({
      logger: captured.logger,
      sink: (batch) => {
        events.push(...batch);
        return Promise.resolve();
      },
      now: () => frozenNow,
      createId: () => '019d0f7c-0000-7000-8000-000000000001',
    });
    requestContext.run({ requestId: 'request-1', userId: 'user-1' }, () => {
      log.raise('user_updated', { subjectId: 'user-2', clientAddress: '203.0.113.7', details: { field: 'role' } });
    });
    await log.settled();

    const event = {
      id: '019d0f7c-0000-7000-8000-000000000001',
      name: 'user_updated',
      severity: 'warning',
      occurredAt: '2026-11-23T21:30:15.007Z',
      actorId: 'user-1',
      subjectId: 'user-2',
      clientAddress: '203.0.113.7',
      requestId: 'request-1',
      details: { field: 'role' },
    };
    expect(events).toEqual([event]);
    expect(captured.lines()).toHaveLength(1);
    expect(captured.last()).toMatchObject({ level: 'warn', msg: 'security event', securityEvent: event });
    expect(log.counts).toEqual({ delivered: 1, failed: 0, dropped: 0 });
  });

  it('SR-45: has the level of its severity, a UUID of version 7, and no fields without a value', () => {
    const captured = captureLog();
    const log = createSecurityEventLog({ logger: captured.logger });
    for (const name of names) log.raise(name);
    const levels = { info: 'info', warning: 'warn', critical: 'error' };
    expect(captured.lines().map(({ level }) => level)).toEqual(
      names.map((name) => levels[securityEventCatalogue[name].severity]),
    );
    for (const line of captured.lines()) {
      expect(Object.keys(line['securityEvent'] as object)).toEqual(['id', 'occurredAt', 'name', 'severity']);
      expect((line['securityEvent'] as SecurityEvent).id).toMatch(/^[0-9a-f-]{14}7[0-9a-f-]{21}$/);
    }
  });

  it('prefers the named actor to the user of the request', () => {
    const captured = captureLog();
    const log = createSecurityEventLog({ logger: captured.logger });
    requestContext.run({ requestId: 'request-1', userId: 'user-1' }, () => log.raise('authz_fail', { actorId: 'x' }));
    expect(captured.last()['securityEvent']).toMatchObject({ actorId: 'x' });
  });

  it('SR-43: reaches neither the log nor the sink with a secret', async () => {
    const captured = captureLog();
    const canary = createShortCanary('event');
    const events: SecurityEvent[] = [];
    const log = createSecurityEventLog({
      logger: captured.logger,
      sink: (batch) => {
        events.push(...batch);
        return Promise.resolve();
      },
    });
    log.raise('authn_login_fail', {
      actorId: `token=${canary}`,
      subjectId: `${canary}@example.test`,
      details: { password: canary, why: `password=${canary}` },
    });
    await log.settled();
    expect(captured.text() + JSON.stringify(events)).not.toContain(canary);
  });

  it('is refused under a name that is not in the catalogue', () => {
    const log = createSecurityEventLog({ logger: captureLog().logger });
    for (const name of ['unknown', 'toString', '__proto__']) {
      expect(() => log.raise(name as SecurityEventName)).toThrow(TypeError);
    }
  });
});

describe('a sink', () => {
  it('is not called before raise returns, and never makes it wait', async () => {
    const held = createHeldSink();
    const log = createSecurityEventLog({ logger: captureLog().logger, sink: held.sink });
    log.raise('sys_startup');
    expect(held.taken).toEqual([]);
    held.release();
    await log.settled();
    expect(held.taken).toHaveLength(1);
  });

  it('gets the events in the order of raising, up to 100 together, and not again before it is done', async () => {
    const sizes: number[] = [];
    const order: unknown[] = [];
    let running = 0;
    const log = createSecurityEventLog({
      logger: captureLog().logger,
      sink: async (events) => {
        running += 1;
        expect(running).toBe(1);
        sizes.push(events.length);
        order.push(...events.map(({ details }) => details?.['index']));
        await Promise.resolve();
        running -= 1;
      },
    });
    for (let index = 0; index < 250; index += 1) log.raise('user_updated', { details: { index } });
    await log.settled();
    expect(sizes).toEqual([100, 100, 50]);
    expect(order).toEqual(Array.from({ length: 250 }, (_, index) => index));
  });

  it('is waited for as far as it was at the call: who goes on raising keeps nobody waiting', async () => {
    const log = createSecurityEventLog({ logger: captureLog().logger, sink: () => Promise.resolve() });
    let raised = 0;
    const again = (): void => {
      raised += 1;
      if (raised < 10_000) queueMicrotask(again);
      log.raise('sys_startup');
    };
    again();
    await log.settled();
    expect(raised).toBeLessThan(10_000);
  });

  it('SR-30: that throws or rejects is logged and counted, reaches no request, and stops no later event', async () => {
    const captured = captureLog();
    let calls = 0;
    let lost = 0;
    const log = createSecurityEventLog({
      logger: captured.logger,
      onLost: (count) => {
        lost += count;
      },
      sink: () => {
        calls += 1;
        if (calls === 1) throw new Error('thrown');
        return calls === 2 ? Promise.reject(new Error('rejected')) : Promise.resolve();
      },
    });
    for (const name of ['sys_startup', 'session_created', 'sys_shutdown'] as const) {
      log.raise(name);
      await log.settled();
    }

    expect(lost).toBe(2);
    expect(log.counts).toEqual({ delivered: 1, failed: 2, dropped: 0 });
    const failures = captured.lines().filter(({ msg }) => msg === 'the sink refused a security event');
    expect(failures).toMatchObject([
      { level: 'error', eventName: 'sys_startup', err: { message: 'thrown' } },
      { level: 'error', eventName: 'session_created', err: { message: 'rejected' } },
    ]);
  });

  it('SR-40: that is too slow costs no memory: overflow is counted, logged once for each burst, and ends', async () => {
    const captured = captureLog();
    const overflows = (): number =>
      captured.lines().filter(({ msg }) => msg === 'security events are dropped: the sink is too slow').length;
    const held = createHeldSink();
    const log = createSecurityEventLog({ logger: captured.logger, sink: held.sink });

    for (let count = 0; count < 1_500; count += 1) log.raise('authn_login_fail');
    expect(log.counts.dropped).toBe(500);
    expect(overflows()).toBe(1);

    held.release();
    await log.settled();
    expect(log.counts).toEqual({ delivered: 1_000, failed: 0, dropped: 500 });

    for (let count = 0; count < 1_001; count += 1) log.raise('authn_login_fail');
    expect(overflows()).toBe(2);
    await log.settled();
    expect(log.counts).toEqual({ delivered: 2_000, failed: 0, dropped: 501 });
    expect(captured.lines().filter((line) => 'securityEvent' in line)).toHaveLength(2_501);
  });

  it('SR-47: works outside of the request that raised the first event', async () => {
    const contexts: unknown[] = [];
    const log = createSecurityEventLog({
      logger: captureLog().logger,
      sink: () => {
        contexts.push(requestContext.get());
        return Promise.resolve();
      },
    });
    requestContext.run({ requestId: 'request-1' }, () => log.raise('sys_startup'));
    await log.settled();
    expect(contexts).toEqual([undefined]);
  });

  it('SR-30: and a listener that throws stop neither each other nor the one who raises', async () => {
    const captured = captureLog();
    const taken: SecurityEvent[] = [];
    const log = createSecurityEventLog({
      logger: captured.logger,
      onEvent: () => {
        throw new Error('broken');
      },
      sink: (events) => {
        taken.push(...events);
        return Promise.resolve();
      },
    });
    log.raise('sys_startup');
    await log.settled();
    expect(taken).toHaveLength(1);
    expect(captured.text()).toContain('a listener for security events failed');
  });

  it('has settled when there is none', async () => {
    const log = createSecurityEventLog({ logger: captureLog().logger });
    log.raise('sys_startup');
    await expect(log.settled()).resolves.toBeUndefined();
  });
});
