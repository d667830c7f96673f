import { randomUUID } from 'node:crypto';
import { createManualClock, createVaultStandIn, type ManualClock, type VaultStandIn } from '@redoubt/testing';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SecretLease, SecretReading } from '../../../src/index.ts';
import { type ProviderUnderTest, unending, vaultReference, VaultUnderTest } from './vault-under-test.ts';

/** Seconds and milliseconds of a token's and a lease's life. */
const HOUR = 3600;
const HOUR_MS = HOUR * 1000;
const MINUTE_MS = 60_000;

let clock: ManualClock;
let standIn: VaultStandIn;
let vault: VaultUnderTest;
/** Who may sign in to the database now. */
const users = new Set<string>();

beforeEach(async () => {
  clock = createManualClock();
  users.clear();
  standIn = await createVaultStandIn({
    now: clock.now,
    users: {
      async create({ username }) {
        users.add(username);
        return Promise.resolve();
      },
      async drop(username) {
        users.delete(username);
        return Promise.resolve();
      },
    },
  });
  const { address, authority, rootToken: token } = standIn;
  const server = { kind: 'stand-in', address, authority, token, database: {}, close: () => standIn.close() } as const;
  vault = await VaultUnderTest.start(() => Promise.resolve(server));
  await vault.admin.putDocument(vault.kv, 'app', { password: 'p' });
});

afterEach(() => vault.stop());

async function openWith(terms: Readonly<Record<string, unknown>>): Promise<ProviderUnderTest> {
  const { auth } = await vault.createRole(terms);
  return vault.openProvider(auth, { now: clock.now });
}

async function read(source: ProviderUnderTest): Promise<void> {
  const { text } = await source.provider.read(vaultReference(`${vault.kv}/app`), unending());
  expect(text).toBe('{"password":"p"}');
}

function countOf({ proxy }: ProviderUnderTest, end: string): number {
  return proxy.requests.filter(({ path }) => path.endsWith(end)).length;
}

/** A database role, and credentials of it. */
async function makeCredentials(source: ProviderUnderTest, terms = { ttl: HOUR, maxTtl: 24 * HOUR }) {
  const name = `role-${randomUUID()}`;
  await vault.createDatabaseRole(name, terms);
  const reference = vaultReference(`${vault.database}/creds/${name}`);
  return { reference, ...leased(await source.provider.read(reference, unending())) };
}

function leased({ text, lease }: SecretReading): { readonly username: string; readonly lease: SecretLease } {
  if (lease === undefined) throw new Error('Credentials have a lease');
  return { username: (JSON.parse(text) as { readonly username: string }).username, lease };
}

async function renew(source: ProviderUnderTest, lease: SecretLease, path = 'any/path'): Promise<SecretLease> {
  const renewed = await source.provider.renew?.(vaultReference(path), lease, unending());
  if (renewed === undefined) throw new Error('The provider renews');
  return renewed;
}

describe('a token', () => {
  it('SR-52: is renewed in the second third of its life, by whoever reads, and stays the same', async () => {
    const source = await openWith({ token_ttl: HOUR });
    await read(source);
    clock.advance(HOUR_MS / 3 - 1);
    await read(source);
    expect(countOf(source, '/renew-self')).toBe(0);
    for (let third = 1; third <= 6; third++) {
      clock.advance(HOUR_MS / 3 + 1);
      await read(source);
      await eventually('it was renewed', () => countOf(source, '/renew-self') === third);
    }
    expect(countOf(source, '/login')).toBe(1);
  });

  it('SR-52: that can be renewed no further is replaced before it ends', async () => {
    const source = await openWith({ token_ttl: HOUR, token_max_ttl: 1.5 * HOUR });
    await read(source);
    clock.advance(0.6 * HOUR_MS);
    await read(source);
    await eventually('it was renewed', () => countOf(source, '/renew-self') === 1);
    clock.advance(0.7 * HOUR_MS);
    await read(source);
    await eventually('it was replaced', () => countOf(source, '/login') === 2);
    clock.advance(0.25 * HOUR_MS);
    await read(source);
    expect(countOf(source, '/login')).toBe(2);
  });

  it('SR-52: that nobody used until its end is replaced when somebody reads', async () => {
    const source = await openWith({ token_ttl: HOUR });
    await read(source);
    clock.advance(HOUR_MS);
    await read(source);
    expect([countOf(source, '/login'), countOf(source, '/renew-self')]).toEqual([2, 0]);
    // Nobody was refused first.
    expect(countOf(source, '/lookup-self')).toBe(0);
  });

  it('SR-52: that is not renewable is replaced in the second half of its life', async () => {
    const source = await openWith({ token_ttl: HOUR, token_type: 'batch' });
    await read(source);
    clock.advance(0.4 * HOUR_MS);
    await read(source);
    expect(countOf(source, '/login')).toBe(1);
    clock.advance(0.2 * HOUR_MS);
    await read(source);
    await eventually('it was replaced', () => countOf(source, '/login') === 2);
    expect(countOf(source, '/renew-self')).toBe(0);
  });

  it('SR-52: lasts to its end when it cannot be renewed for a while: reads go on, and the renewal is made up for', async () => {
    const source = await openWith({ token_ttl: HOUR });
    await read(source);
    const outage = source.proxy.inject(
      { kind: 'answer', answer: { status: 503, body: '' } },
      { when: ({ path }) => path.includes('/auth/') },
    );
    clock.advance(0.4 * HOUR_MS);
    await read(source);
    clock.advance(0.4 * HOUR_MS);
    await read(source);
    await eventually('it was tried', () => outage.hits >= 2);
    outage.remove();
    await eventually('it is renewed', async () => {
      await read(source);
      return countOf(source, '/renew-self') > outage.hits;
    });
    expect(countOf(source, '/login')).toBe(1);
  });

  it('SR-52: a sign-in that hangs does not hold up who still has a token', async () => {
    const source = await openWith({ token_ttl: HOUR, token_type: 'batch' });
    await read(source);
    const fault = source.proxy.inject({ kind: 'hang' }, { when: ({ path }) => path.endsWith('/login') });
    clock.advance(0.8 * HOUR_MS);
    await read(source);
    await eventually('the sign-in hangs', () => fault.hits === 1);
    await read(source);
    expect(fault.abandoned).toBe(0);
  });
});

describe('a lease', () => {
  it('SR-52: is extended, and its user lives', async () => {
    const source = await openWith({ token_ttl: 4 * HOUR });
    const { lease, username } = await makeCredentials(source);
    clock.advance(HOUR_MS / 2);
    expect(await renew(source, lease)).toEqual({ id: lease.id, durationMs: HOUR_MS, renewal: 'renewable' });
    clock.advance(0.9 * HOUR_MS);
    await standIn.settle();
    expect([...users]).toEqual([username]);
    clock.advance(0.1 * HOUR_MS);
    await standIn.settle();
    expect([...users]).toEqual([]);
  });

  it('SR-52: is told shorter when it comes to its greatest age', async () => {
    const source = await openWith({ token_ttl: 4 * HOUR });
    const { lease } = await makeCredentials(source, { ttl: HOUR, maxTtl: 1.5 * HOUR });
    clock.advance(0.9 * HOUR_MS);
    expect((await renew(source, lease)).durationMs).toBe(0.6 * HOUR_MS);
  });

  it('SR-52: that has ended is not renewed', async () => {
    const source = await openWith({ token_ttl: 4 * HOUR });
    const { lease, reference } = await makeCredentials(source);
    clock.advance(HOUR_MS);
    const renewal = Promise.resolve(source.provider.renew?.(reference, lease, unending()));
    await expect(renewal).rejects.toMatchObject({ code: 'not-found' });
  });

  it('SR-52: is told no longer than the token that it hangs on lasts, for with that one it ends', async () => {
    const source = await openWith({ token_ttl: HOUR, token_type: 'batch' });
    await read(source);
    clock.advance(0.4 * HOUR_MS);
    const { lease } = await makeCredentials(source, { ttl: 12 * HOUR, maxTtl: 24 * HOUR });
    expect(lease).toMatchObject({ durationMs: 0.6 * HOUR_MS, renewal: 'final' });
    clock.advance(0.6 * HOUR_MS);
    await standIn.settle();
    expect([...users]).toEqual([]);
  });

  it('SR-52: renews the token first, where that is due, and lasts with it', async () => {
    const source = await openWith({ token_ttl: HOUR });
    const { lease } = await makeCredentials(source, { ttl: HOUR, maxTtl: 24 * HOUR });
    expect(lease).toMatchObject({ durationMs: HOUR_MS, renewal: 'renewable' });
    for (let round = 0; round < 5; round++) {
      clock.advance((2 * HOUR_MS) / 3);
      expect(await renew(source, lease)).toEqual({ id: lease.id, durationMs: HOUR_MS, renewal: 'renewable' });
    }
    expect(users.size).toBe(1);
    expect(countOf(source, '/login')).toBe(1);
  });

  it('SR-52: is final where neither it nor its token can be extended beyond the end of the token', async () => {
    const source = await openWith({ token_ttl: HOUR, token_max_ttl: 1.6 * HOUR });
    const { lease } = await makeCredentials(source, { ttl: 12 * HOUR, maxTtl: 24 * HOUR });
    expect(lease).toMatchObject({ durationMs: HOUR_MS, renewal: 'renewable' });
    clock.advance(0.8 * HOUR_MS);
    expect(await renew(source, lease)).toMatchObject({ durationMs: 0.8 * HOUR_MS, renewal: 'final' });
  });

  it('SR-52: of a token that was replaced is final, is extended to the end of that token, and lives until then', async () => {
    const source = await openWith({ token_ttl: HOUR, token_type: 'batch' });
    await read(source);
    const { lease, username } = await makeCredentials(source, { ttl: HOUR / 2, maxTtl: 24 * HOUR });
    clock.advance(0.4 * HOUR_MS);
    await renew(source, lease);
    clock.advance(0.4 * HOUR_MS);
    await read(source);
    await eventually('the token was replaced', () => countOf(source, '/login') === 2);
    expect(await renew(source, lease)).toEqual({ id: lease.id, durationMs: 0.2 * HOUR_MS, renewal: 'final' });
    expect([...users]).toEqual([username]);
    const next = await makeCredentials(source);
    expect(next.lease.durationMs).toBe(HOUR_MS);
    clock.advance(0.2 * HOUR_MS);
    await standIn.settle();
    expect([...users]).toEqual([next.username]);
  });

  it('SR-52: is made by the token that follows, where the one before it would soon end', async () => {
    const source = await openWith({ token_ttl: HOUR, token_type: 'batch' });
    const { lease } = await makeCredentials(source);
    expect(lease).toMatchObject({ durationMs: HOUR_MS, renewal: 'final' });
    // When the store of secrets replaces credentials whose lease is final.
    clock.advance(0.6 * lease.durationMs);
    expect((await makeCredentials(source)).lease.durationMs).toBe(HOUR_MS);
  });

  it('SR-51: of every token that was used ends at the end', async () => {
    const source = await openWith({ token_ttl: HOUR, token_max_ttl: HOUR });
    await makeCredentials(source);
    clock.advance(HOUR_MS - MINUTE_MS);
    await makeCredentials(source);
    expect(users.size).toBe(2);
    await source.provider.close?.();
    expect([...users]).toEqual([]);
    expect(countOf(source, '/revoke-self')).toBe(2);
  });

  it('SR-51: of a batch token, which cannot be revoked, ends at the end where the policy lets it', async () => {
    const policy = `${vault.policy}-leases`;
    await vault.admin.putPolicy(policy, { 'sys/leases/revoke': ['update'] });
    const source = await openWith({ token_ttl: HOUR, token_type: 'batch', token_policies: [vault.policy, policy] });
    await makeCredentials(source);
    await source.provider.close?.();
    expect([...users]).toEqual([]);
  });
});

describe('a server', () => {
  it.each([
    ['sealed', 'unavailable'],
    ['standby', 'unavailable'],
    ['throttled', 'throttled'],
  ] as const)("SR-51: that is %s is '%s', and answers when it serves again", async (mode, code) => {
    const source = await openWith({ token_ttl: HOUR });
    standIn.setMode(mode);
    await expect(read(source)).rejects.toMatchObject({ code, isTransient: true });
    standIn.setMode('serving');
    await read(source);
    standIn.setMode(mode);
    await expect(read(source)).rejects.toMatchObject({ code });
    standIn.setMode('serving');
    await read(source);
    expect(countOf(source, '/login')).toBe(2);
  });
});
