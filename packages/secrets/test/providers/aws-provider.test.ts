import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type Answer, createCanary, createFaultProxy, type FaultProxy, formsOf, pathsToCanary } from '@redoubt/testing';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseSecretReference, type SecretReference, SecretError } from '../../src/index.ts';
import { AwsProvider } from '../../src/providers/aws/aws-provider.ts';
import { stubAwsEnvironment } from './aws/aws-environment.ts';
import { awsError, awsNetwork, awsSecret } from './aws/aws-network.ts';

const REGION = 'eu-central-1';
const canary = createCanary();
const reference = referenceTo('name');
const options = { signal: new AbortController().signal };
const { isRead } = awsNetwork;

/** Twice the connections that the provider may have, and more. */
const MANY_READS = 20;
const MAX_CONNECTIONS = 4;
const MIB = 1024 * 1024;

let folder: string;
let proxy: FaultProxy;
let provider: AwsProvider;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aws-provider-'));
  await writeFile(join(folder, 'token'), canary, { mode: 0o400 });
});

beforeEach(async () => {
  // Nothing is behind it: what is not scripted is a bad gateway.
  proxy = await createFaultProxy({ upstream: { url: 'http://127.0.0.1:1' } });
  proxy.inject({ kind: 'answer', answer: awsSecret({ SecretString: 'text' }) }, { when: isRead });
  provider = new AwsProvider();
});

afterEach(async () => {
  await provider.close();
  await proxy.close();
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

function referenceTo(id: string): SecretReference<'aws-sm'> {
  return parseSecretReference(`aws-sm://${id}`) as SecretReference<'aws-sm'>;
}

function stubKeys(variables: Readonly<Record<string, string>> = {}): void {
  const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: canary };
  stubAwsEnvironment({ AWS_REGION: REGION, AWS_ENDPOINT_URL: proxy.url, ...keys, ...variables });
}

function stubRole(variables: Readonly<Record<string, string>> = {}): void {
  const AWS_WEB_IDENTITY_TOKEN_FILE = join(folder, 'token');
  const AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/reader';
  const role = { AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN };
  stubAwsEnvironment({ AWS_REGION: REGION, AWS_ENDPOINT_URL: proxy.url, ...role, ...variables });
}

function answering(answer: Answer) {
  return { kind: 'answer', answer } as const;
}

/** The code of a refusal that shows neither keys nor tokens nor anything of an answer. */
async function codeOf(outcome: Promise<unknown>): Promise<string> {
  const error: unknown = await outcome.then(
    () => undefined,
    (fault: unknown) => fault,
  );
  if (!(error instanceof SecretError)) return inspect(error);
  const printed = inspect(error, { showHidden: true, depth: Infinity });
  const shows = pathsToCanary(error, canary).length > 0 || formsOf(canary).some((form) => printed.includes(form));
  return shows ? `${error.code}, and it shows ${printed}` : error.code;
}

/** STS speaks the query protocol, in which the action is in a form, and XML. */
function isSignIn({ body }: { readonly body: Uint8Array }): boolean {
  return new TextDecoder().decode(body).includes('Action=AssumeRoleWithWebIdentity');
}

function stsError(status: number, code: string): Answer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${canary}</Message></Error>`;
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${error}</ErrorResponse>`,
  };
}

function stsCredentials(): Answer {
  const members = Object.entries({
    AccessKeyId: 'ASIAEXAMPLE',
    SecretAccessKey: canary,
    SessionToken: canary,
    Expiration: '2100-01-01T00:00:00Z',
  }).map(([name, value]) => `<${name}>${value}</${name}>`);
  const result = `<AssumeRoleWithWebIdentityResult><Credentials>${members.join('')}</Credentials></AssumeRoleWithWebIdentityResult>`;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</AssumeRoleWithWebIdentityResponse>`,
  };
}

describe('the region', () => {
  it('SR-51: is not guessed: without one, nothing is asked', async () => {
    stubKeys();
    vi.stubEnv('AWS_REGION', undefined);
    expect(await codeOf(provider.read(reference, options))).toBe('not-configured');
    expect(proxy.requests).toEqual([]);
  });

  it.each(['evil.example/', 'a b', '-'])('SR-51: is a name, not %j, which would become a host', async (region) => {
    stubKeys({ AWS_REGION: region });
    expect(await codeOf(provider.read(reference, options))).toBe('not-configured');
    expect(proxy.requests).toEqual([]);
  });

  it('is that of the ARN where there is no other', async () => {
    stubKeys();
    vi.stubEnv('AWS_REGION', undefined);
    const arn = 'arn:aws:secretsmanager:sa-east-1:123456789012:secret:name-AbCdEf';
    expect((await provider.read(referenceTo(arn), options)).text).toBe('text');
    expect(proxy.requests[0]?.headers.authorization).toContain('/sa-east-1/secretsmanager/');
  });
});

describe('who the service is', () => {
  it('SR-51: is not made up: without credentials, nothing is asked', async () => {
    stubAwsEnvironment({ AWS_REGION: REGION, AWS_ENDPOINT_URL: proxy.url });
    expect(await codeOf(provider.read(reference, options))).toBe('sign-in-failed');
    expect(proxy.requests).toEqual([]);
  });

  it('SR-51: cannot be told without the file of the token', async () => {
    stubRole({ AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'absent') });
    expect(await codeOf(provider.read(reference, options))).toBe('sign-in-failed');
  });

  it.each([
    [403, 'AccessDenied', 'sign-in-failed'],
    [400, 'InvalidIdentityToken', 'sign-in-failed'],
    [400, 'ExpiredTokenException', 'sign-in-failed'],
    [400, canary, 'sign-in-failed'],
    [400, 'Throttling', 'throttled'],
    [400, 'IDPCommunicationError', 'unavailable'],
    [503, 'ServiceUnavailable', 'unavailable'],
  ])('SR-51: is asked once of STS, whose %i %s shows nothing', async (status, name, code) => {
    stubRole({ AWS_MAX_ATTEMPTS: '5' });
    const fault = proxy.inject(answering(stsError(status, name)), { when: isSignIn });
    expect(await codeOf(provider.read(reference, options))).toBe(code);
    expect(fault.hits).toBe(1);
    fault.remove();
    proxy.inject(answering(stsCredentials()), { when: isSignIn });
    expect((await provider.read(reference, options)).text).toBe('text');
  });

  it('SR-51: keeps nobody waiting: the signal ends a read that STS leaves hanging', async () => {
    stubRole();
    const fault = proxy.inject({ kind: 'hang' }, { when: isSignIn });
    const controller = new AbortController();
    const outcome = codeOf(provider.read(reference, { signal: controller.signal }));
    await eventually('STS was asked', () => fault.hits === 1);
    controller.abort();
    expect(await outcome).toBe('timeout');
    await provider.close();
    await eventually('closing ends it', () => fault.abandoned === 1);
  });

  it('SR-51: is no reason to read what STS sends without an end', async () => {
    stubRole();
    const flood = { kind: 'flood', answer: stsError(200, 'x'), totalBytes: 64 * MIB } as const;
    const fault = proxy.inject(flood, { when: isSignIn });
    expect(await codeOf(provider.read(reference, options))).toBe('sign-in-failed');
    await eventually('the connection was ended', () => fault.abandoned === 1);
  });

  it.each(['ExpiredTokenException', 'UnrecognizedClientException', 'InvalidSignatureException'])(
    'SR-52: is found out anew after %s',
    async (name) => {
      stubRole();
      const signIns = proxy.inject(answering(stsCredentials()), { when: isSignIn });
      await provider.read(reference, options);
      await provider.read(reference, options);
      expect(signIns.hits).toBe(1);
      proxy.inject(answering(awsError(400, name, canary)), { when: isRead, times: 1 });
      expect(await codeOf(provider.read(reference, options))).toBe('sign-in-failed');
      await provider.read(reference, options);
      expect(signIns.hits).toBe(2);
    },
  );

  it('SR-52: is read anew from a credentials file that changed, once AWS has refused the old ones', async () => {
    const file = join(folder, 'credentials');
    const write = (id: string) =>
      writeFile(file, `[default]\naws_access_key_id=${id}\naws_secret_access_key=${canary}`);
    stubAwsEnvironment({ AWS_REGION: REGION, AWS_ENDPOINT_URL: proxy.url, AWS_SHARED_CREDENTIALS_FILE: file });
    await write('AKIAOLD');
    await provider.read(reference, options);
    await write('AKIANEW');
    const refusal = answering(awsError(400, 'UnrecognizedClientException', canary));
    proxy.inject(refusal, { when: ({ headers }) => headers.authorization?.includes('AKIAOLD') === true });
    expect(await codeOf(provider.read(reference, options))).toBe('sign-in-failed');
    expect((await provider.read(reference, options)).text).toBe('text');
  });

  it('SR-51: shows nowhere in the provider', async () => {
    stubKeys();
    await provider.read(reference, options);
    expect(inspect(provider, { showHidden: true, depth: Infinity })).not.toContain(canary);
    expect(pathsToCanary(provider, canary)).toEqual([]);
  });
});

describe('the connections', () => {
  it('are few, and used again', async () => {
    stubKeys();
    let most = 0;
    const when = (request: Parameters<typeof isRead>[0]): boolean => {
      most = Math.max(most, proxy.connections);
      return isRead(request);
    };
    proxy.inject(answering(awsSecret({ SecretString: 'text' })), { when });
    await Promise.all(Array.from({ length: MANY_READS }, () => provider.read(reference, options)));
    expect(proxy.requests).toHaveLength(MANY_READS);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(MAX_CONNECTIONS);
  });

  it('SR-51: carry one attempt, whatever the environment asks of the SDK', async () => {
    stubKeys({ AWS_MAX_ATTEMPTS: '5', AWS_RETRY_MODE: 'adaptive' });
    const fault = proxy.inject({ kind: 'cut' });
    expect(await codeOf(provider.read(reference, options))).toBe('unavailable');
    expect(fault.hits).toBe(1);
  });

  it('end with the provider, and with them what is under way', async () => {
    stubKeys();
    const fault = proxy.inject({ kind: 'hang' });
    const outcome = codeOf(provider.read(reference, options));
    await eventually('the request arrived', () => fault.hits === 1);
    await provider.close();
    expect(await outcome).toBe('unavailable');
    await eventually('the connection is ended', () => fault.abandoned === 1);
  });
});

describe('a reading', () => {
  it('has no time of creation where AWS tells none that is one', async () => {
    stubKeys();
    for (const CreatedDate of [undefined, null, 1e300]) {
      proxy.inject(answering(awsSecret({ SecretString: 'text', CreatedDate })), { when: isRead });
      expect(await provider.read(reference, options)).toEqual({ text: 'text', version: expect.any(String) as unknown });
    }
  });

  it('SR-52: of a pending version fails as any other, and is not taken for none', async () => {
    stubKeys();
    const isPending = ({ body }: { readonly body: Uint8Array }) =>
      new TextDecoder().decode(body).includes('AWSPENDING');
    proxy.inject(answering(awsError(400, 'ThrottlingException', canary)), { when: isPending });
    expect(await codeOf(provider.readPending(reference, options))).toBe('throttled');
  });
});
