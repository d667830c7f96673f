import { randomUUID } from 'node:crypto';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import {
  createTestCluster,
  createTestTokenIssuer,
  pathsToCanary,
  type TestClaims,
  type TestCluster,
} from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret, SecretError, type SecretReference, type VaultAuth } from '../../../src/index.ts';
import { type ProviderUnderTest, unending, vaultReference, VaultUnderTest } from './vault-under-test.ts';

let vault: VaultUnderTest;
let reference: SecretReference<'vault'>;

beforeAll(async () => {
  vault = await VaultUnderTest.start();
  await vault.admin.putDocument(vault.kv, 'app', { password: 'p' });
  reference = vaultReference(`${vault.kv}/app`);
});

afterAll(() => vault.stop());

/** A token's life, in seconds: longer than any test. */
const TTL = 600;

async function read(source: ProviderUnderTest): Promise<unknown> {
  return JSON.parse((await source.provider.read(reference, unending())).text);
}

async function refusal(source: ProviderUnderTest): Promise<SecretError> {
  const fault: unknown = await source.provider.read(reference, unending()).catch((error: unknown) => error);
  if (fault instanceof SecretError) return fault;
  throw new Error(`Not refused: ${inspect(fault)}`);
}

function countOf({ proxy }: ProviderUnderTest, end: string): number {
  return proxy.requests.filter(({ path }) => path.endsWith(end)).length;
}

describe('AppRole', () => {
  it('signs in with a secret id from a file', async () => {
    const { auth } = await vault.createRole();
    expect(await read(await vault.openProvider(auth))).toEqual({ password: 'p' });
  });

  it('signs in with a secret id that is a Secret', async () => {
    const { name, auth } = await vault.createRole();
    const secretId = Secret.of(await vault.admin.createSecretId(vault.approle, name));
    expect(await read(await vault.openProvider({ ...auth, secretId }))).toEqual({ password: 'p' });
  });

  it('SR-51: is refused with a secret id of another role, and shows nothing of it', async () => {
    const { auth } = await vault.createRole();
    const other = await vault.createRole();
    const stranger = await vault.admin.createSecretId(vault.approle, other.name);
    const source = await vault.openProvider({ ...auth, secretId: Secret.of(stranger) });
    const fault = await refusal(source);
    expect(fault.code).toBe('sign-in-failed');
    expect(pathsToCanary(fault, stranger)).toEqual([]);
    expect(countOf(source, '/login')).toBe(1);
  });

  it('SR-51: takes no secret id from a file that everybody can read, and asks nothing', async () => {
    const { auth } = await vault.createRole();
    const file = await vault.writeFile('open-secret-id', 'x');
    await chmod(file, 0o444);
    const source = await vault.openProvider({ ...auth, secretId: { file } });
    const fault = await refusal(source);
    expect([fault.code, (fault.cause as SecretError).code]).toEqual(['sign-in-failed', 'open-to-others']);
    expect(source.proxy.requests).toEqual([]);
  });

  it('SR-52: many first reads share one sign-in', async () => {
    const { auth } = await vault.createRole();
    const source = await vault.openProvider(auth);
    await Promise.all(Array.from({ length: 20 }, () => read(source)));
    expect(countOf(source, '/login')).toBe(1);
  });

  it('SR-51: nobody signs in for an attempt that was ended before it began', async () => {
    const source = await vault.openProvider((await vault.createRole()).auth);
    const outcome = source.provider.read(reference, { signal: AbortSignal.abort() });
    await expect(outcome).rejects.toMatchObject({ code: 'timeout' });
    // Waits for a sign-in that is under way.
    await source.provider.close?.();
    expect(source.proxy.requests).toEqual([]);
  });

  it('SR-52: a reader that gave up does not end the sign-in that others wait for', async () => {
    const source = await vault.openProvider((await vault.createRole()).auth);
    const held = Promise.withResolvers<void>();
    source.proxy.inject({ kind: 'delay', until: held.promise }, { when: ({ path }) => path.endsWith('/login') });
    const controller = new AbortController();
    const given = source.provider.read(reference, { signal: controller.signal });
    const patient = read(source);
    controller.abort();
    await expect(given).rejects.toMatchObject({ code: 'timeout' });
    held.resolve();
    expect(await patient).toEqual({ password: 'p' });
    expect(countOf(source, '/login')).toBe(1);
  });
});

describe('a wrapped secret id', () => {
  async function openWrapped(roleTerms = {}) {
    const { name, auth } = await vault.createRole(roleTerms);
    const wrapping = await vault.admin.createSecretId(vault.approle, name, 'wrapped');
    const file = await vault.writeFile(`${name}-wrapped`, wrapping);
    const source = await vault.openProvider({ ...auth, secretId: { file, content: 'wrapped' } });
    return { source, wrapping };
  }

  it('is unwrapped once, and kept for the next sign-in', async () => {
    const { source } = await openWrapped();
    expect(await read(source)).toEqual({ password: 'p' });
    await vault.admin.revokeBelow(`auth/${vault.approle}/login`);
    expect(await read(source)).toEqual({ password: 'p' });
    expect([countOf(source, '/unwrap'), countOf(source, '/login')]).toEqual([1, 2]);
  });

  it('SR-51: is refused when somebody else has unwrapped it', async () => {
    const { source, wrapping } = await openWrapped();
    await vault.admin.send('POST', 'sys/wrapping/unwrap', undefined, { 'x-vault-token': wrapping });
    const fault = await refusal(source);
    expect(fault.code).toBe('sign-in-failed');
    expect(pathsToCanary(fault, wrapping)).toEqual([]);
    expect(countOf(source, '/login')).toBe(0);
  });
});

describe('Kubernetes', () => {
  const account = { namespace: 'shop', name: 'api' };
  let cluster: TestCluster;
  let mount: string;

  beforeAll(async () => {
    cluster = await createTestCluster();
    mount = `kubernetes-${vault.kv}`;
    await vault.admin.enableAuth(mount, 'kubernetes');
    await vault.admin.send('POST', `auth/${mount}/config`, {
      kubernetes_host: cluster.url,
      kubernetes_ca_cert: cluster.authority,
      disable_local_ca_jwt: true,
      token_reviewer_jwt: cluster.issue({ namespace: 'vault', name: 'vault' }),
    });
    await vault.admin.send('POST', `auth/${mount}/role/api`, {
      bound_service_account_names: [account.name],
      bound_service_account_namespaces: [account.namespace],
      token_policies: [vault.policy],
      token_ttl: TTL,
    });
  });

  afterAll(() => cluster.close());

  async function authWith(token: string): Promise<VaultAuth & { readonly jwtFile: string }> {
    const jwtFile = await vault.writeFile(`token-${randomUUID()}`, token);
    return { method: 'kubernetes', mount, role: 'api', jwtFile };
  }

  it('signs in with the token of the service account, read anew at each sign-in', async () => {
    const auth = await authWith(cluster.issue({ ...account, name: 'nobody' }));
    const source = await vault.openProvider(auth);
    expect((await refusal(source)).code).toBe('sign-in-failed');
    await rm(auth.jwtFile);
    await writeFile(auth.jwtFile, cluster.issue(account), { mode: 0o644 });
    expect(await read(source)).toEqual({ password: 'p' });
  });

  it('SR-28: is refused with a token that the cluster has not issued', async () => {
    const now = Math.floor(Date.now() / 1000);
    const forged = createTestTokenIssuer().issue({
      iss: 'https://kubernetes.default.svc',
      sub: 'system:serviceaccount:shop:api',
      exp: now + TTL,
      iat: now,
      'kubernetes.io': { namespace: account.namespace, serviceaccount: { name: account.name, uid: 'x' } },
    });
    const fault = await refusal(await vault.openProvider(await authWith(forged)));
    expect(fault.code).toBe('sign-in-failed');
    expect(pathsToCanary(fault, forged)).toEqual([]);
  });

  it('SR-28: is refused as a service account of another namespace', async () => {
    const auth = await authWith(cluster.issue({ ...account, namespace: 'other' }));
    expect((await refusal(await vault.openProvider(auth))).code).toBe('sign-in-failed');
  });

  it('SR-51: says which file is missing', async () => {
    const jwtFile = '/nowhere/token';
    const source = await vault.openProvider({ method: 'kubernetes', mount, role: 'api', jwtFile });
    const fault = await refusal(source);
    expect([fault.code, (fault.cause as SecretError).message]).toEqual([
      'sign-in-failed',
      'file:///nowhere/token: There is no such secret.',
    ]);
  });
});

describe('a JWT', () => {
  const issuer = createTestTokenIssuer();
  let mount: string;

  beforeAll(async () => {
    mount = `jwt-${vault.kv}`;
    await vault.admin.enableAuth(mount, 'jwt');
    await vault.admin.send('POST', `auth/${mount}/config`, { jwt_validation_pubkeys: [issuer.publicKey] });
    await vault.admin.send('POST', `auth/${mount}/role/api`, {
      role_type: 'jwt',
      user_claim: 'sub',
      bound_audiences: ['vault'],
      bound_subject: 'api',
      token_policies: [vault.policy],
      token_ttl: TTL,
    });
  });

  function claims(parts: TestClaims = {}): TestClaims {
    const now = Math.floor(Date.now() / 1000);
    return { sub: 'api', aud: 'vault', iat: now, nbf: now - 5, exp: now + TTL, ...parts };
  }

  async function openWith(token: string, role = 'api'): Promise<ProviderUnderTest> {
    const jwtFile = await vault.writeFile(`jwt-${randomUUID()}`, token);
    return vault.openProvider({ method: 'jwt', mount, role, jwtFile });
  }

  it('of the issuer signs in', async () => {
    expect(await read(await openWith(issuer.issue(claims())))).toEqual({ password: 'p' });
  });

  it.each<readonly [string, () => string]>([
    ['that another key has signed', () => createTestTokenIssuer().issue(claims())],
    ['of another subject', () => issuer.issue(claims({ sub: 'other' }))],
    ['for another audience', () => issuer.issue(claims({ aud: 'other' }))],
    ['that has ended', () => issuer.issue(claims({ iat: 1000, nbf: 1000, exp: 2000 }))],
  ])('SR-28: %s is refused', async (_what, tokenOf) => {
    const token = tokenOf();
    const fault = await refusal(await openWith(token));
    expect(fault.code).toBe('sign-in-failed');
    expect(pathsToCanary(fault, token)).toEqual([]);
  });

  it('SR-28: is refused for a role that does not exist', async () => {
    expect((await refusal(await openWith(issuer.issue(claims()), 'nobody'))).code).toBe('sign-in-failed');
  });
});

describe('a namespace', () => {
  it('is where the service signs in and reads', async () => {
    const name = `ns-${vault.kv}`;
    await vault.admin.send('POST', `sys/namespaces/${name}`);
    const admin = vault.admin.within(name);
    await vault.prepare(admin);
    await admin.putDocument(vault.kv, 'app', { password: 'of the namespace' });
    const { auth } = await vault.createRole({}, admin);
    const inside = await vault.openProvider(auth, { namespace: name });
    expect(await read(inside)).toEqual({ password: 'of the namespace' });
    const outside = await vault.openProvider(auth);
    expect((await refusal(outside)).code).toBe('sign-in-failed');
    await admin.close();
  });
});

it('SR-51: a refused sign-in does not keep later ones from succeeding', async () => {
  const source = await vault.openProvider((await vault.createRole()).auth);
  const fault = source.proxy.inject({ kind: 'cut' }, { when: ({ path }) => path.endsWith('/login') });
  expect((await refusal(source)).code).toBe('unavailable');
  fault.remove();
  expect(await read(source)).toEqual({ password: 'p' });
});

it('SR-51: nothing that a provider holds can be printed', async () => {
  const { auth } = await vault.createRole();
  const source = await vault.openProvider(auth);
  await read(source);
  const token = String(source.proxy.requests.at(-1)?.headers['x-vault-token']);
  expect(token).toMatch(/^\S{20,}$/);
  expect(inspect(source.provider, { depth: null, showHidden: true })).not.toContain(token);
  expect(pathsToCanary(source.provider, token)).toEqual([]);
});
