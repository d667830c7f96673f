import { createLogger } from '@redoubt/logging';
import { createLogCapture, createTestAuthority, loopbackServer } from '@redoubt/testing';
import { describe, expect, it, vi } from 'vitest';

import type { TlsMaterial } from '../../src/index.ts';
import { watchTlsMaterial } from '../../src/tls/watch-tls-material.ts';

const authority = createTestAuthority();

function createMaterial(): TlsMaterial {
  const { certificate, key } = authority.issue(loopbackServer);
  return { certificate, key: { expose: () => key }, clientAuthority: authority.certificate };
}

function createWatch(apply = vi.fn()) {
  const log = createLogCapture();
  const initial = createMaterial();
  const source = { read: () => Promise.resolve(initial) };
  const logger = createLogger({ service: 'test', level: 'info', destination: log.destination });
  const watch = watchTlsMaterial({ read: () => source.read(), apply, initial, logger });
  const messages = () => log.lines().map(({ level }) => level);
  return { watch, apply, source, messages, log, initial };
}

describe('a watch on TLS material', () => {
  it('SR-28: applies what has changed, once', async () => {
    const { watch, apply, source, messages } = createWatch();
    await watch.reload();
    expect(apply).not.toHaveBeenCalled();
    const next = createMaterial();
    source.read = () => Promise.resolve(next);
    await watch.reload();
    await watch.reload();
    expect(apply.mock.calls).toStrictEqual([[next]]);
    expect(messages()).toStrictEqual(['info']);
    watch.close();
  });

  it('SR-30: keeps what the listener has when the new is refused, and says so once', async () => {
    const apply = vi.fn(() => {
      throw new Error('the key belongs to another certificate');
    });
    const { watch, source, messages, log } = createWatch(apply);
    const half = createMaterial();
    source.read = () => Promise.resolve(half);
    await watch.reload();
    await watch.reload();
    expect(messages()).toStrictEqual(['error']);
    expect(log.text()).not.toContain('PRIVATE');
    const whole = createMaterial();
    apply.mockImplementation(() => undefined as never);
    source.read = () => Promise.resolve(whole);
    await watch.reload();
    expect(apply).toHaveBeenLastCalledWith(whole);
    watch.close();
  });

  it('SR-30: goes on when a file cannot be read', async () => {
    const { watch, apply, source, messages } = createWatch();
    source.read = () => Promise.reject(new Error('no such file'));
    await watch.reload();
    expect(messages()).toStrictEqual(['error']);
    const next = createMaterial();
    source.read = () => Promise.resolve(next);
    await watch.reload();
    expect(apply.mock.calls).toStrictEqual([[next]]);
    watch.close();
  });

  it('looks again every ten seconds until it is closed', async () => {
    vi.useFakeTimers();
    const { watch, apply, source } = createWatch();
    const next = createMaterial();
    source.read = () => Promise.resolve(next);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(apply).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(apply.mock.calls).toStrictEqual([[next]]);
    watch.close();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});
