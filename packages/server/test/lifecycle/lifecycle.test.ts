import { createLogCapture } from '@redoubt/testing';
import { createLogger } from '@redoubt/logging';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { createLifecycle } from '../../src/lifecycle/lifecycle.ts';
import { LISTENER_CLOSE_TIMEOUT_MS, MANAGEMENT_CLOSE_TIMEOUT_MS, SHUTDOWN_DEADLINE_MS } from '../../src/limits.ts';

const logger = createLogger({ service: 'test', level: 'info', destination: createLogCapture().destination });

function record(closed: string[], name: string): Promise<void> {
  closed.push(name);
  return Promise.resolve();
}

afterEach(() => {
  vi.useRealTimers();
});

/** A server whose last request takes all of its time. */
function slowServer(closed: string[]) {
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(() => {
        closed.push('server');
        resolve();
      }, LISTENER_CLOSE_TIMEOUT_MS);
    });
  return { name: 'server', close };
}

describe('createLifecycle', () => {
  it('SR-38: closes in the order given, once, however often it is told', async () => {
    const closed: string[] = [];
    const closable = (name: string) => ({ name, close: () => record(closed, name) });
    const lifecycle = createLifecycle({
      logger,
      drainDelayMs: 0,
      closables: [closable('server'), closable('database')],
    });
    lifecycle.markReady();
    const first = lifecycle.shutdown('SIGTERM');
    expect(lifecycle.state).toBe('draining');
    expect(await Promise.all([first, lifecycle.shutdown('SIGINT')])).toEqual(['clean', 'clean']);
    expect(closed).toEqual(['server', 'database']);
  });

  it('SR-38: closes the rest when one of them fails', async () => {
    const closed: string[] = [];
    const closables = [
      { name: 'server', close: () => Promise.reject(new Error('stuck')) },
      { name: 'database', close: () => record(closed, 'database') },
    ];
    expect(await createLifecycle({ logger, drainDelayMs: 0, closables }).shutdown('SIGTERM')).toBe('clean');
    expect(closed).toEqual(['database']);
  });

  it('SR-38: gives up at the deadline when something never closes', async () => {
    const { promise: never } = Promise.withResolvers<void>();
    const lifecycle = createLifecycle({
      logger,
      drainDelayMs: 0,
      deadlineMs: 1,
      closables: [{ name: 'server', close: () => never }],
    });
    expect(await lifecycle.shutdown('SIGTERM')).toBe('overdue');
  });

  for (const drainDelayMs of [0, 2000, 5000]) {
    it(`SR-38: after a delay of ${drainDelayMs} ms the listener has its ten seconds, and what follows its own time`, async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const closed: string[] = [];
      const { promise: hanging, resolve } = Promise.withResolvers<void>();
      const closables = [slowServer(closed), { name: 'rest', close: () => hanging }];
      const ending = createLifecycle({ logger, drainDelayMs, closables }).shutdown('SIGTERM');
      await vi.advanceTimersByTimeAsync(drainDelayMs + SHUTDOWN_DEADLINE_MS - 1);
      expect(closed).toEqual(['server']);
      resolve();
      expect(await ending).toBe('clean');
    });
  }

  it('SR-38: is cut off at its deadline, whatever the delay before it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { promise: never } = Promise.withResolvers<void>();
    const closables = [{ name: 'rest', close: () => never }];
    const ending = createLifecycle({ logger, drainDelayMs: 5000, closables }).shutdown('SIGTERM');
    await vi.advanceTimersByTimeAsync(5000 + SHUTDOWN_DEADLINE_MS);
    expect(await ending).toBe('overdue');
  });

  it('SR-38: leaves two seconds each to the management listener and to the three that may hang after it', () => {
    expect(SHUTDOWN_DEADLINE_MS - LISTENER_CLOSE_TIMEOUT_MS).toBeGreaterThanOrEqual(4 * MANAGEMENT_CLOSE_TIMEOUT_MS);
  });

  it('does not turn ready again once it drains', async () => {
    const lifecycle = createLifecycle({ logger, drainDelayMs: 0, closables: [] });
    await lifecycle.shutdown('SIGTERM');
    lifecycle.markReady();
    expect(lifecycle.state).toBe('draining');
  });
});
