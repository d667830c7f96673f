import { randomBytes, randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type LookupFunction } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createFaultProxy, createManualClock, type FaultProxy, type SeenRequest } from '@redoubt/testing';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type SecretErrorCode, SecretError } from '../../../src/index.ts';
import { AzureProvider } from '../../../src/providers/azure/azure-provider.ts';
import { type AzureUnderTest, isLogin, openAzure, referenceTo, VAULT, workloadOf } from './azure-under-test.ts';
import { DOMAIN, json, KeyVaultDouble, problem } from './key-vault-double.ts';

const azure = new KeyVaultDouble();
let metadata: FaultProxy;
let source: AzureUnderTest | undefined;

beforeAll(async () => {
  await azure.listen();
  metadata = await createFaultProxy({ upstream: { url: azure.metadataUrl } });
  azure.put(VAULT, 'name', 'value');
});

beforeEach(() => {
  // MSAL looks at it once in a process.
  vi.stubEnv('AZURE_POD_IDENTITY_AUTHORITY_HOST', metadata.url);
  azure.tokenSeconds = 3600;
  azure.resource = `https://${DOMAIN}`;
});

afterEach(async () => {
  vi.unstubAllEnvs();
  metadata.clear();
  await source?.close();
  source = undefined;
});

afterAll(async () => {
  await metadata.close();
  azure.close();
});

/** Each test signs in as another identity: MSAL keeps the tokens of managed identities for the whole process. */
async function asManagedIdentity(clientId: string | undefined = randomUUID()): Promise<AzureUnderTest> {
  source = await openAzure(azure, () => ({ clientId }));
  return source;
}

async function asWorkload(now?: () => number): Promise<AzureUnderTest & { readonly tokenFile: string }> {
  let tokenFile = '';
  source = await openAzure(
    azure,
    (folder) => {
      tokenFile = join(folder, 'token');
      return workloadOf(azure, folder);
    },
    now,
  );
  return { ...source, tokenFile };
}

function read({ provider }: Pick<AzureUnderTest, 'provider'>, signal = new AbortController().signal) {
  return provider.read(referenceTo('name'), { signal });
}

async function codeOf(outcome: Promise<unknown>): Promise<unknown> {
  const fault: unknown = await outcome.then(
    () => 'not refused',
    (error: unknown) => error,
  );
  return fault instanceof SecretError ? fault.code : fault;
}

function signInsOf({ proxy }: AzureUnderTest): readonly SeenRequest[] {
  return proxy.requests.filter((request) => isLogin(request) && request.method === 'POST');
}

describe('a managed identity', () => {
  it('is asked for by the id of its application, for the key vaults only', async () => {
    const clientId = randomUUID();
    const before = metadata.requests.length;
    await read(await asManagedIdentity(clientId));
    const requests = metadata.requests.slice(before);
    expect(requests).toHaveLength(1);
    const { searchParams } = new URL(requests[0]?.path ?? '', metadata.url);
    expect([searchParams.get('client_id'), searchParams.get('resource')]).toEqual([clientId, `https://${DOMAIN}`]);
    expect(requests[0]?.headers['metadata']).toBe('true');
  });

  it('is the one of the machine where no application is named', async () => {
    const before = metadata.requests.length;
    source = await openAzure(azure, () => ({}));
    await read(source);
    expect(metadata.requests.at(before)?.path).not.toContain('client_id');
  });

  it('SR-51: is the only proof that is tried, whatever static credentials the environment has', async () => {
    vi.stubEnv('AZURE_TENANT_ID', azure.tenantId);
    vi.stubEnv('AZURE_CLIENT_ID', azure.clientId);
    vi.stubEnv('AZURE_CLIENT_SECRET', 'anything');
    const opened = await asManagedIdentity();
    metadata.inject({ kind: 'answer', answer: json(400, { error: 'invalid_request' }) });
    expect(await codeOf(read(opened))).toBe('sign-in-failed');
    expect(opened.proxy.requests.filter(isLogin)).toEqual([]);
  });

  const answers: readonly (readonly [number, SecretErrorCode])[] = [
    [400, 'sign-in-failed'],
    [401, 'sign-in-failed'],
    [403, 'sign-in-failed'],
    [404, 'unavailable'],
    [410, 'unavailable'],
    [429, 'throttled'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ];
  for (const [status, code] of answers) {
    it(`SR-51: that is refused with ${status} is '${code}' after one attempt, and shows nothing`, async () => {
      const opened = await asManagedIdentity();
      const canary = randomBytes(24).toString('hex');
      const answer = json(status, { error: canary, error_description: canary, access_token: canary });
      const fault = metadata.inject({ kind: 'answer', answer });
      const error: unknown = await read(opened).catch((reason: unknown) => reason);
      expect(await codeOf(Promise.reject(error as Error))).toBe(code);
      expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain(canary);
      expect(fault.hits).toBe(1);
    });
  }

  for (const body of ['', '<html>', '{}', '{"access_token":""}', '"text"', 'null']) {
    it(`SR-51: whose token is none is 'malformed-answer': ${JSON.stringify(body)}`, async () => {
      const opened = await asManagedIdentity();
      metadata.inject({ kind: 'answer', answer: { status: 200, body } });
      expect(await codeOf(read(opened))).toBe('malformed-answer');
    });
  }

  it("SR-51: whose answer does not end is 'malformed-answer'", async () => {
    const opened = await asManagedIdentity();
    const answer = { status: 200, body: '{"access_token":"' };
    const fault = metadata.inject({ kind: 'flood', answer, totalBytes: 64 * 1024 * 1024 });
    expect(await codeOf(read(opened))).toBe('malformed-answer');
    await eventually('the connection is ended', () => fault.abandoned === 1);
  });

  it("SR-51: is 'unavailable' where nothing answers", async () => {
    const opened = await asManagedIdentity();
    metadata.inject({ kind: 'cut' });
    expect(await codeOf(read(opened))).toBe('unavailable');
  });

  it("SR-51: is 'timeout' when the signal says so, and served to those who wait on", async () => {
    const opened = await asManagedIdentity();
    const { promise, resolve } = Promise.withResolvers<void>();
    const fault = metadata.inject({ kind: 'delay', until: promise });
    const controller = new AbortController();
    const outcomes = [read(opened, controller.signal), read(opened)] as const;
    await eventually('the sign-in began', () => fault.hits > 0);
    controller.abort();
    expect(await codeOf(outcomes[0])).toBe('timeout');
    resolve();
    expect((await outcomes[1]).text).toBe('value');
    expect(fault.hits).toBe(1);
  });

  it('SR-51: frees the socket of a sign-in when the provider is closed', async () => {
    const opened = await asManagedIdentity();
    const fault = metadata.inject({ kind: 'hang' });
    const outcome = codeOf(read(opened));
    await eventually('the sign-in began', () => fault.hits > 0);
    await opened.provider.close();
    expect(await outcome).toBe('unavailable');
    await eventually('the socket is freed', () => fault.abandoned === 1);
  });
});

describe('a workload', () => {
  it('signs in once for many reads, and keeps the token', async () => {
    const opened = await asWorkload();
    await Promise.all(Array.from({ length: 10 }, () => read(opened)));
    await read(opened);
    expect(signInsOf(opened)).toHaveLength(1);
  });

  it('SR-51: sends the token of its service account, and no secret', async () => {
    const opened = await asWorkload();
    await read(opened);
    const form = new URLSearchParams(signInsOf(opened)[0]?.body.toString());
    expect(form.get('client_assertion')).toBe(azure.federatedToken);
    expect(form.get('client_secret')).toBeNull();
  });

  it.each([302, 307])('SR-51: takes the token of its account nowhere else (%i)', async (status) => {
    const opened = await asWorkload();
    const headers = { location: '/elsewhere' };
    const fault = opened.proxy.inject(
      { kind: 'answer', answer: { status, headers } },
      { when: (request) => isLogin(request) && request.method === 'POST' },
    );
    expect(await codeOf(read(opened))).toBe('sign-in-failed');
    expect(fault.hits).toBe(1);
    expect(opened.proxy.requests.filter(({ path }) => path === '/elsewhere')).toEqual([]);
  });

  it('signs in anew before its token ends, and holds up no read for it', async () => {
    const clock = createManualClock(Date.now());
    azure.tokenSeconds = 240;
    const opened = await asWorkload(clock.now);
    await read(opened);
    const { promise, resolve } = Promise.withResolvers<void>();
    const fault = opened.proxy.inject({ kind: 'delay', until: promise }, { when: isLogin });
    expect((await read(opened)).text).toBe('value');
    await eventually('a sign-in began', () => fault.hits === 1);
    expect((await read(opened)).text).toBe('value');
    expect(fault.hits).toBe(1);
    resolve();
    await eventually('it ended, and another one began', async () => {
      await read(opened);
      return fault.hits > 1;
    });
  });

  it("is served with its token while signing in fails, and 'unavailable' when it has ended", async () => {
    const clock = createManualClock(Date.now());
    azure.tokenSeconds = 240;
    const opened = await asWorkload(clock.now);
    await read(opened);
    const fault = opened.proxy.inject({ kind: 'cut' }, { when: isLogin });
    expect((await read(opened)).text).toBe('value');
    await eventually('a sign-in failed', () => fault.hits > 0);
    clock.advance(240_000);
    expect(await codeOf(read(opened))).toBe('unavailable');
  });

  it('signs in anew when its token was not taken', async () => {
    const opened = await asWorkload();
    await read(opened);
    azure.revokeTokens();
    expect(await codeOf(read(opened))).toBe('sign-in-failed');
    expect((await read(opened)).text).toBe('value');
    expect(signInsOf(opened)).toHaveLength(2);
  });

  it("SR-51: is 'sign-in-failed' where the token file is missing, empty or not the right one", async () => {
    const opened = await asWorkload();
    await rm(opened.tokenFile);
    expect(await codeOf(read(opened))).toBe('sign-in-failed');
    await writeFile(opened.tokenFile, ' \n');
    expect(await codeOf(read(opened))).toBe('sign-in-failed');
    await writeFile(opened.tokenFile, 'another');
    expect(await codeOf(read(opened))).toBe('sign-in-failed');
    await writeFile(opened.tokenFile, azure.federatedToken);
    expect((await read(opened)).text).toBe('value');
  });
});

describe('a key vault', () => {
  it.each(['https://vault.example', `https://${DOMAIN}.example`, 'https://est', `http://${DOMAIN}@example.com`])(
    'SR-51: that wants a token for somebody else gets none: %s',
    async (resource) => {
      azure.resource = resource;
      const opened = await asWorkload();
      expect(await codeOf(read(opened))).toBe('malformed-answer');
      expect(signInsOf(opened)).toEqual([]);
    },
  );

  it('SR-51: gets no token over plain HTTP', async () => {
    const { cloud } = await asWorkload();
    const provider = new AzureProvider({ domain: 'vault.azure.net' }, { ...cloud, vaultUrlOf: () => metadata.url });
    const before = metadata.requests.length;
    expect(await codeOf(read({ provider }))).toBe('malformed-answer');
    expect(metadata.requests).toHaveLength(before);
    await provider.close();
  });

  it('SR-51: is asked nothing before its certificate is checked', async () => {
    const opened = await asWorkload();
    const { ca: _ca, ...withoutAuthority } = opened.cloud;
    const elsewhere = { ...opened.cloud, vaultUrlOf: () => `https://other.${DOMAIN}:${opened.proxy.port}` };
    for (const cloud of [withoutAuthority, elsewhere]) {
      const provider = new AzureProvider({ domain: 'vault.azure.net' }, cloud);
      expect(await codeOf(read({ provider }))).toBe('unavailable');
      await provider.close();
    }
    expect(opened.proxy.requests).toEqual([]);
  });

  it('SR-51: is reached past the proxies of the environment, which would see the tokens of the metadata service', async () => {
    const seen: unknown[] = [];
    const proxy = createServer((socket) => {
      seen.push(socket.remoteAddress);
      socket.destroy();
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    proxy.listen(0, '127.0.0.1', resolve);
    await promise;
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) vi.stubEnv(name, url);
    expect((await read(await asManagedIdentity())).text).toBe('value');
    expect(seen).toEqual([]);
    proxy.close();
  });

  it('is asked for the current version, by the pinned protocol', async () => {
    const opened = await asWorkload();
    await read(opened);
    const { pathname, searchParams } = new URL(opened.proxy.requests.at(-1)?.path ?? '', opened.proxy.url);
    expect([pathname, searchParams.get('api-version')]).toEqual(['/secrets/name/', '7.6']);
  });

  it('is asked over four connections at most, of which one is kept', async () => {
    const { cloud, proxy } = await asManagedIdentity();
    let opened = 0;
    const lookup: LookupFunction = (...call) => {
      opened += 1;
      cloud.lookup?.(...call);
    };
    const provider = new AzureProvider({ domain: 'vault.azure.net', clientId: randomUUID() }, { ...cloud, lookup });
    await read({ provider });
    await Promise.all(Array.from({ length: 20 }, () => read({ provider })));
    expect(opened).toBe(4);
    await eventually('the others are ended', () => proxy.connections === 1);
    await read({ provider });
    expect(opened).toBe(4);
    await provider.close();
  });

  it("SR-51: that is firewalled is 'access-denied', though it gives an inner reason", async () => {
    const opened = await asWorkload();
    const answer = problem(403, 'Forbidden', 'ForbiddenByFirewall');
    opened.proxy.inject({ kind: 'answer', answer }, { when: ({ headers }) => headers.authorization !== undefined });
    expect(await codeOf(read(opened))).toBe('access-denied');
  });
});
