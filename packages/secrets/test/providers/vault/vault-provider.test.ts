import { inspect } from 'node:util';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret, SecretError, type SecretReading } from '../../../src/index.ts';
import { type ProviderUnderTest, unending, vaultReference, VaultUnderTest } from './vault-under-test.ts';

let vault: VaultUnderTest;

beforeAll(async () => {
  vault = await VaultUnderTest.start();
  await vault.admin.putDocument(vault.kv, 'app', { password: 'p' });
});

afterEach(() => vault.allow());

afterAll(() => vault.stop());

function read({ provider }: ProviderUnderTest, path: string): Promise<SecretReading> {
  return provider.read(vaultReference(path), unending());
}

async function refusal(outcome: Promise<unknown>): Promise<SecretError> {
  const fault: unknown = await outcome.catch((error: unknown) => error);
  if (fault instanceof SecretError) return fault;
  throw new Error(`Not refused: ${inspect(fault)}`);
}

function countOf({ proxy }: ProviderUnderTest, part: string): number {
  return proxy.requests.filter(({ path }) => path.includes(part)).length;
}

/** A service that is signed in. */
async function openSignedIn(terms: Readonly<Record<string, unknown>> = {}) {
  const { auth } = await vault.createRole(terms);
  const source = await vault.openProvider(auth);
  await read(source, `${vault.kv}/app`);
  return source;
}

/** Every token of the test file's services ends. */
function revokeTokens(): Promise<void> {
  return vault.admin.revokeBelow(`auth/${vault.approle}/login`);
}

describe('documents', () => {
  it('of KV version 1 are read', async () => {
    const mount = `${vault.kv}-v1`;
    await vault.admin.mountKv(mount, '1');
    await vault.admin.send('POST', `${mount}/app`, { password: 'of version 1' });
    await vault.admin.putPolicy(`${vault.policy}-v1`, { [`${mount}/app`]: ['read'] });
    const { auth } = await vault.createRole({ token_policies: [`${vault.policy}-v1`] });
    const reading = await read(await vault.openProvider(auth), `${mount}/app`);
    expect(reading).toEqual({ text: '{"password":"of version 1"}' });
  });

  it('SR-51: of which the version was deleted or destroyed are not found, and undeleted ones are', async () => {
    const source = await openSignedIn();
    const path = `${vault.kv}/deleted`;
    await vault.admin.putDocument(vault.kv, 'deleted', { password: 'p' });
    await vault.admin.send('DELETE', `${vault.kv}/data/deleted`);
    expect((await refusal(read(source, path))).code).toBe('not-found');
    await vault.admin.send('POST', `${vault.kv}/undelete/deleted`, { versions: [1] });
    expect((await read(source, path)).text).toBe('{"password":"p"}');
    await vault.admin.send('POST', `${vault.kv}/destroy/deleted`, { versions: [1] });
    expect((await refusal(read(source, path))).code).toBe('not-found');
  });

  it('SR-52: have another version when they were removed for good and made anew', async () => {
    const source = await openSignedIn();
    const path = `${vault.kv}/again`;
    await vault.admin.putDocument(vault.kv, 'again', { password: 'first' });
    const before = await read(source, path);
    await vault.admin.send('DELETE', `${vault.kv}/metadata/again`);
    await eventually('a millisecond passed', () => Date.now() > (before.createdAtMs ?? 0));
    await vault.admin.putDocument(vault.kv, 'again', { password: 'second' });
    const after = await read(source, path);
    expect([after.text, after.version === before.version]).toEqual(['{"password":"second"}', false]);
  });

  it('are found below a mount that was asked for once, and again after a refusal', async () => {
    const source = await openSignedIn();
    await read(source, `${vault.kv}/app`);
    expect(countOf(source, '/sys/internal/ui/mounts/')).toBe(1);
    await refusal(read(source, `${vault.kv}/nothing`));
    await read(source, `${vault.kv}/app`);
    expect(countOf(source, '/sys/internal/ui/mounts/')).toBe(2);
  });

  it('SR-51: are not found at a mount itself', async () => {
    const mount = `team-${vault.kv}/kv`;
    await vault.admin.mountKv(mount, '2');
    await vault.admin.putPolicy(vault.policy, { [`${mount}/data/*`]: ['read'] });
    const source = await vault.openProvider((await vault.createRole()).auth);
    expect((await refusal(read(source, mount))).code).toBe('not-found');
    expect(countOf(source, `/v1/${mount}`)).toBe(0);
  });

  it('SR-51: are not found at a path that takes no reads, nor at a role that does not exist', async () => {
    const source = await openSignedIn();
    await vault.admin.putPolicy(vault.policy, { [`${vault.database}/*`]: ['read', 'update'] });
    expect((await refusal(read(source, `${vault.database}/rotate-root/main`))).code).toBe('not-found');
    expect((await refusal(read(source, `${vault.database}/creds/nobody`))).code).toBe('not-found');
  });

  it('SR-51: below a mount on which the service has no right are denied, as those that do not exist', async () => {
    const source = await openSignedIn();
    await vault.admin.mountKv(`${vault.kv}-other`, '2');
    await vault.admin.putDocument(`${vault.kv}-other`, 'app', { password: 'p' });
    expect((await refusal(read(source, `${vault.kv}-other/app`))).code).toBe('access-denied');
    expect((await refusal(read(source, 'no-such-mount/app'))).code).toBe('access-denied');
  });
});

describe('a token', () => {
  it('SR-52: that was revoked is replaced by one sign-in, and nobody is refused', async () => {
    const source = await openSignedIn();
    await revokeTokens();
    const readings = await Promise.all(Array.from({ length: 8 }, () => read(source, `${vault.kv}/app`)));
    expect(readings.map(({ text }) => text)).toEqual(Array.from({ length: 8 }, () => '{"password":"p"}'));
    expect(countOf(source, '/login')).toBe(2);
  });

  it('SR-51: that was revoked is replaced once, and a right that is missing is then told', async () => {
    const source = await openSignedIn();
    await vault.allow(vault.admin, ['app']);
    await revokeTokens();
    expect((await refusal(read(source, `${vault.kv}/app`))).code).toBe('access-denied');
    expect(countOf(source, '/login')).toBe(2);
  });

  it('SR-52: that lives is not replaced for a right that is missing: credentials in use hang on it', async () => {
    const source = await openSignedIn();
    await vault.createDatabaseRole('kept');
    const { lease } = await read(source, `${vault.database}/creds/kept`);
    await vault.allow(vault.admin, ['app']);
    for (let attempt = 0; attempt < 3; attempt++)
      expect((await refusal(read(source, `${vault.kv}/app`))).code).toBe('access-denied');
    expect(countOf(source, '/login')).toBe(1);
    expect(await vault.admin.leasesBelow(`${vault.database}/creds/kept`)).toEqual([lease?.id.split('/').at(-1)]);
  });

  it('SR-51: of a role that no longer exists is not replaced', async () => {
    const { name, auth } = await vault.createRole();
    const source = await vault.openProvider(auth);
    await read(source, `${vault.kv}/app`);
    await vault.admin.send('DELETE', `auth/${vault.approle}/role/${name}`);
    await revokeTokens();
    expect((await refusal(read(source, `${vault.kv}/app`))).code).toBe('sign-in-failed');
  });

  it('without the default policy is taken for a revoked one when it is refused', async () => {
    const source = await openSignedIn({ token_no_default_policy: true });
    await vault.allow(vault.admin, ['app']);
    expect((await refusal(read(source, `${vault.kv}/app`))).code).toBe('access-denied');
    expect(countOf(source, '/login')).toBe(2);
  });
});

describe('credentials that an engine makes', () => {
  it('are new ones at each read, each with a lease of its own', async () => {
    const source = await openSignedIn();
    await vault.createDatabaseRole('fresh');
    const readings = [
      await read(source, `${vault.database}/creds/fresh`),
      await read(source, `${vault.database}/creds/fresh`),
    ];
    const users = readings.map(({ text }) => (JSON.parse(text) as { readonly username: string }).username);
    expect(new Set(users).size).toBe(2);
    expect(new Set(readings.map(({ lease }) => lease?.id)).size).toBe(2);
    expect(readings[0]?.lease).toMatchObject({ renewal: 'renewable', durationMs: 300_000 });
  });

  it('SR-52: whose lease was revoked are not renewed, and the caller knows to read anew', async () => {
    const source = await openSignedIn();
    await vault.createDatabaseRole('revoked');
    const reference = vaultReference(`${vault.database}/creds/revoked`);
    const { lease } = await source.provider.read(reference, unending());
    if (lease === undefined) throw new Error('There is a lease');
    await vault.admin.revokeBelow(`${vault.database}/creds/revoked`);
    const renewal = Promise.resolve(source.provider.renew?.(reference, lease, unending()));
    expect((await refusal(renewal)).code).toBe('not-found');
  });

  it('SR-52: whose token was revoked are not renewed, and the caller knows to read anew', async () => {
    const source = await openSignedIn();
    await vault.createDatabaseRole('orphaned');
    const reference = vaultReference(`${vault.database}/creds/orphaned`);
    const { lease } = await source.provider.read(reference, unending());
    if (lease === undefined) throw new Error('There is a lease');
    await revokeTokens();
    const renewal = Promise.resolve(source.provider.renew?.(reference, lease, unending()));
    expect((await refusal(renewal)).code).toBe('not-found');
    expect((await source.provider.read(reference, unending())).lease?.id).not.toBe(lease.id);
  });
});

describe('the end', () => {
  it('SR-51: revokes the token, and with it every credential that was made', async () => {
    const source = await openSignedIn();
    await vault.createDatabaseRole('ended');
    await read(source, `${vault.database}/creds/ended`);
    const token = String(source.proxy.requests.at(-1)?.headers['x-vault-token']);
    await source.provider.close?.();
    await eventually('the credentials are gone', async () => {
      return (await vault.admin.leasesBelow(`${vault.database}/creds/ended`)).length === 0;
    });
    const asService = { 'x-vault-token': token };
    await expect(vault.admin.send('GET', 'auth/token/lookup-self', undefined, asService)).rejects.toThrow('403');
  });

  it('SR-51: signs in for nobody who comes afterwards', async () => {
    const source = await openSignedIn();
    await source.provider.close?.();
    expect((await refusal(read(source, `${vault.kv}/app`))).code).toBe('unavailable');
    expect(countOf(source, '/login')).toBe(1);
  });

  it('SR-51: signs in for nobody who comes while it lasts', async () => {
    const source = await openSignedIn();
    const held = Promise.withResolvers<void>();
    const revocation = source.proxy.inject(
      { kind: 'delay', until: held.promise },
      { when: ({ path }) => path.endsWith('/revoke-self') },
    );
    const closed = source.provider.close?.();
    await eventually('the token is being revoked', () => revocation.hits === 1);
    expect((await refusal(read(source, `${vault.kv}/app`))).code).toBe('unavailable');
    held.resolve();
    await closed;
    expect(countOf(source, '/login')).toBe(1);
  });

  it('SR-38: does not wait for a sign-in that hangs', async () => {
    const source = await vault.openProvider((await vault.createRole()).auth);
    const login = source.proxy.inject({ kind: 'hang' });
    let state = 'hanging';
    const outcome = read(source, `${vault.kv}/app`).catch(() => {
      state = 'over';
    });
    await eventually('the sign-in began', () => login.hits === 1);
    await source.provider.close?.();
    expect(state).toBe('hanging');
    await source.proxy.close();
    await outcome;
  });

  it('SR-51: revokes a token that was signed in for meanwhile', async () => {
    const source = await vault.openProvider((await vault.createRole()).auth);
    const held = Promise.withResolvers<void>();
    const login = source.proxy.inject(
      { kind: 'delay', until: held.promise },
      { when: ({ path }) => path.endsWith('/login') },
    );
    const outcome = read(source, `${vault.kv}/app`).catch(() => undefined);
    await eventually('the sign-in began', () => login.hits === 1);
    const closed = source.provider.close?.();
    held.resolve();
    await Promise.all([outcome, closed]);
    expect(countOf(source, '/revoke-self')).toBe(1);
  });

  it('SR-38: comes in bounded time, and without complaint, when the server is silent or away', async () => {
    const silent = await openSignedIn();
    silent.proxy.inject({ kind: 'hang' });
    const away = await openSignedIn();
    await away.proxy.close();
    await Promise.all([silent.provider.close?.(), away.provider.close?.()]);
    expect(countOf(silent, '/revoke-self')).toBe(1);
  });

  it('revokes what was made with the token of a developer, and not that token', async () => {
    await vault.createDatabaseRole('developed');
    const policies = [vault.policy, `${vault.policy}-leases`];
    await vault.admin.putPolicy(`${vault.policy}-leases`, { 'sys/leases/revoke': ['update'] });
    const { auth: given } = await vault.admin.send('POST', 'auth/token/create', { policies, ttl: 600 });
    const token = (given as { readonly client_token: string }).client_token;
    const source = await vault.openProvider({ method: 'token', token: Secret.of(token) }, { now: Date.now });
    await read(source, `${vault.database}/creds/developed`);
    await source.provider.close?.();
    await eventually('the credentials are gone', async () => {
      return (await vault.admin.leasesBelow(`${vault.database}/creds/developed`)).length === 0;
    });
    await vault.admin.send('GET', 'auth/token/lookup-self', undefined, { 'x-vault-token': token });
    expect(countOf(source, '/revoke-self')).toBe(0);
  });
});
