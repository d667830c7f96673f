import { createLogCapture } from '@redoubt/testing';
import { createLogger } from '@redoubt/logging';
import { describe, expect, it } from 'vitest';

import { createLifecycle } from '../../src/lifecycle/lifecycle.ts';

const logger = createLogger({ service: 'test', level: 'info', destination: createLogCapture().destination });

function record(closed: string[], name: string): Promise<void> {
  closed.push(name);
  return Promise.resolve();
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

  it('does not turn ready again once it drains', async () => {
    const lifecycle = createLifecycle({ logger, drainDelayMs: 0, closables: [] });
    await lifecycle.shutdown('SIGTERM');
    lifecycle.markReady();
    expect(lifecycle.state).toBe('draining');
  });
});
