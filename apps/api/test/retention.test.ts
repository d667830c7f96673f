import { randomUUID } from 'node:crypto';

import { type Retention, retentionRules, type RetentionOptions, startRetention } from '@redoubt/service/testing';
import { createManualScheduler } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { OneTimeTokenStore } from '../src/one-time-tokens/one-time-token-store.ts';
import { api } from '../src/service.ts';
import type { UserRow } from '../src/users/user-store.ts';
import { createEmail } from './support/journey.ts';
import { createTestApp, type TestApp } from './support/test-app.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const INTERVAL_MS = 600_000;
/** The shortest pause between two runs: what a draw of 0 gives. */
const PAUSE_MS = INTERVAL_MS / 2;

let service: TestApp;
let admin: UserRow;

beforeAll(async () => {
  service = await createTestApp();
  admin = await service.createUser('admin');
});
afterAll(() => service.close());

type Table = 'idempotency_keys' | 'sessions' | 'refresh_tokens' | 'one_time_tokens';

async function countRows(table: Table): Promise<number> {
  const { count } = await service.dependencies.database.kysely
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Deletes with a rule of the service until nothing is left to delete; answers the rows of each batch. */
async function batchesOf(name: string, maxRows: number): Promise<number[]> {
  const rule = retentionRules(api.service, service.dependencies).find((each) => each.name === name);
  const batches: number[] = [];
  for (let rows = -1; rows !== 0; batches.push(rows)) rows = (await rule?.deleteExpired(maxRows)) ?? 0;
  return batches;
}

async function createWithKey(key: string): Promise<number> {
  const headers = { ...(await service.as(admin)), 'idempotency-key': key };
  return (await service.post('/api/users', { email: createEmail() }, headers)).statusCode;
}

describe('what has expired', () => {
  it('SR-41, SR-80: a key is deleted after its day and an hour, not before, in batches', async () => {
    const statuses = [];
    for (let index = 0; index < 5; index += 1) statuses.push(await createWithKey(randomUUID()));
    expect(statuses).toEqual([201, 201, 201, 201, 201]);
    service.clock.advance(DAY_MS + HOUR_MS);
    expect(await batchesOf('idempotency_keys', 2)).toEqual([0]);
    await createWithKey(randomUUID());
    service.clock.advance(1);
    expect(await batchesOf('idempotency_keys', 2)).toEqual([2, 2, 1, 0]);
    expect(await countRows('idempotency_keys')).toBe(1);
  });

  it('SR-80: a session is deleted with its tokens at its last end, not before', async () => {
    const user = await service.createUser('user');
    const old = await service.openSession(user);
    service.clock.advance(29 * DAY_MS);
    const young = await service.openSession(user);
    expect(await batchesOf('sessions', 100)).toEqual([0]);
    service.clock.advance(DAY_MS);
    expect(await batchesOf('sessions', 100)).toEqual([1, 0]);
    expect([await countRows('sessions'), await countRows('refresh_tokens')]).toEqual([1, 1]);
    const refresh = (cookie: Record<string, string>) =>
      service.app.inject({ url: '/api/auth/refresh', method: 'POST', headers: cookie });
    expect((await refresh(old.refresh)).statusCode).toBe(401);
    expect((await refresh(young.refresh)).statusCode).toBe(200);
  });

  it('SR-56, SR-80: a single-use token is deleted when it counts no more, not before', async () => {
    const tokens = new OneTimeTokenStore(service.dependencies.database.kysely, service.clock.now);
    // Those of invitations that other tests have caused.
    await batchesOf('one_time_tokens', 100);
    await tokens.issue({ userId: admin.id, kind: 'reset' });
    service.clock.advance(HOUR_MS - 1);
    expect(await batchesOf('one_time_tokens', 100)).toEqual([0]);
    service.clock.advance(1);
    expect(await batchesOf('one_time_tokens', 100)).toEqual([1, 0]);
    expect(await countRows('one_time_tokens')).toBe(0);
  });
});

/** A rule that answers as told, and counts how often it was asked. */
function createRule(name: string, answer: (call: number) => Promise<number>) {
  const rule = { name, calls: 0, deleteExpired: (_maxRows: number) => answer((rule.calls += 1)) };
  return rule;
}

function createLog() {
  const lines: [string, object][] = [];
  return {
    lines,
    info: (facts: object) => lines.push(['info', facts]),
    warn: (facts: object) => lines.push(['warn', facts]),
  };
}

/** Starts the job with draws of 0. */
function begin(rules: RetentionOptions['rules'], options: Partial<RetentionOptions>): Retention {
  return startRetention({ rules, intervalMs: INTERVAL_MS, logger: createLog(), drawBelow: () => 0, ...options });
}

describe('the retention job', () => {
  it('SR-80: runs at moments that are drawn, from half to one and a half times its interval', () => {
    const { after, due } = createManualScheduler();
    for (const drawn of [0, 599_999]) begin([], { after, drawBelow: (bound) => Math.min(drawn, bound) });
    expect(due().released).toEqual([300_000, 899_999]);
  });

  it('SR-80: goes on until a batch is not full, and for 200 batches at most', async () => {
    const { after, advance } = createManualScheduler();
    const backlog = createRule('backlog', (call) => Promise.resolve(call < 3 ? 1000 : 7));
    const endless = createRule('endless', () => Promise.resolve(1000));
    const logger = createLog();
    begin([backlog, endless], { logger, after });
    await advance(PAUSE_MS);
    expect([backlog.calls, endless.calls]).toEqual([3, 200]);
    expect(logger.lines).toEqual([
      ['info', { table: 'backlog', rows: 2007 }],
      ['info', { table: 'endless', rows: 200_000 }],
    ]);
  });

  it('SR-80: survives a rule that fails: the others have their turn, and it has its next one', async () => {
    const { after, advance } = createManualScheduler();
    const failing = createRule('failing', () => Promise.reject(new Error('the database is away')));
    const other = createRule('other', () => Promise.resolve(0));
    const logger = createLog();
    begin([failing, other], { logger, after });
    await advance(2 * PAUSE_MS);
    expect([failing.calls, other.calls]).toEqual([2, 2]);
    expect(logger.lines.map(([level]) => level)).toEqual(['warn', 'warn']);
  });

  it('SR-38: is closed when its batch has ended, and never runs again', async () => {
    const { after, advance, due } = createManualScheduler();
    const { promise, resolve } = Promise.withResolvers<number>();
    const slow = createRule('slow', () => promise);
    const retention = begin([slow], { after });
    await advance(PAUSE_MS);
    let state = 'closing';
    const closed = retention.close().then(() => (state = 'closed'));
    await advance(0);
    expect(state).toBe('closing');
    resolve(1000);
    await closed;
    expect([slow.calls, due().released]).toEqual([1, []]);
  });
});
