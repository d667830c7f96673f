import { createManualScheduler } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';

import { SecretError } from '../../src/index.ts';
import { refreshPlan, SourceAttempts } from '../../src/rotation/source-attempts.ts';
import { fails, hangs } from './support/scripted-source.ts';
import { outcomeOf } from './support/test-store.ts';

function createAttempts() {
  const scheduler = createManualScheduler();
  const attempts = new SourceAttempts({ document: 'aws-sm://service', plan: refreshPlan, scheduler, random: () => 0 });
  return { scheduler, attempts };
}

describe('an attempt that was ended', () => {
  it('SR-30: fails with the reason for it, whatever the call says first', async () => {
    const { attempts } = createAttempts();
    const outcome = outcomeOf(
      attempts.once((signal) => {
        const { promise, reject } = Promise.withResolvers<never>();
        signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        return promise;
      }),
    );
    attempts.end(new SecretError('throttled', 'aws-sm://service'));
    expect(await outcome).toMatchObject({ code: 'throttled' });
  });

  it('SR-30: is the last one', async () => {
    const { attempts, scheduler } = createAttempts();
    let calls = 0;
    const outcome = outcomeOf(
      attempts.retry(() => {
        calls += 1;
        return hangs()();
      }),
    );
    attempts.end(new SecretError('unavailable', 'aws-sm://service'));
    attempts.end(new SecretError('timeout', 'aws-sm://service'));
    await scheduler.advance(60_000);
    expect(await outcome).toMatchObject({ code: 'unavailable' });
    expect(await outcomeOf(attempts.once(fails('empty')))).toMatchObject({ code: 'unavailable' });
    expect(calls).toBe(1);
  });

  it('leaves no timer behind', async () => {
    const { attempts, scheduler } = createAttempts();
    const outcome = outcomeOf(attempts.retry(fails('throttled')));
    await Promise.resolve();
    attempts.end(new SecretError('unavailable', 'aws-sm://service'));
    await outcome;
    attempts[Symbol.dispose]();
    expect(scheduler.due()).toEqual({ holding: [], released: [] });
  });
});
