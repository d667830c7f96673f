import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanary, createFaultProxy, type FaultProxy } from '@redoubt/testing';
import { findOptionalServer } from '@redoubt/testing/contracts/optional-server';
import { describeSecretProvider } from '@redoubt/testing/contracts/secret-provider-contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseSecretReference, type SecretReference } from '../../src/index.ts';
import { AwsProvider } from '../../src/providers/aws/aws-provider.ts';
import { stubAwsEnvironment } from './aws/aws-environment.ts';
import { awsNetwork, type AwsSourceUnderTest } from './aws/aws-network.ts';
import { Moto, type MotoUser, REGION } from './aws/moto.ts';

const url = findOptionalServer('TEST_AWS_URL', 'Run tools/install-moto.sh once, then tools/with-servers.sh.');
const moto = new Moto(url ?? 'http://127.0.0.1:1');
const options = { signal: new AbortController().signal };

interface MotoUnderTest extends AwsSourceUnderTest {
  readonly provider: AwsProvider;
  readonly user: MotoUser;
}

function referenceTo(id: string): SecretReference<'aws-sm'> {
  return parseSecretReference(`aws-sm://${id}`) as SecretReference<'aws-sm'>;
}

/** A provider that runs as a user of its own, and asks Moto through a proxy of its own. */
async function open(): Promise<MotoUnderTest> {
  const user = await moto.createReader();
  const proxy = await createFaultProxy({ upstream: { url: moto.url } });
  stubAwsEnvironment({
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: user.accessKeyId,
    AWS_SECRET_ACCESS_KEY: user.secretAccessKey,
    AWS_ENDPOINT_URL: proxy.url,
  });
  const provider = new AwsProvider();
  const close = async (): Promise<void> => {
    await provider.close();
    await proxy.close();
  };
  return { provider, proxy, user, close };
}

describe.skipIf(url === undefined)('with Moto', () => {
  afterAll(async () => {
    vi.unstubAllEnvs();
    await moto.close();
  });

  describeSecretProvider<'aws-sm', MotoUnderTest>('AWS Secrets Manager', {
    open,
    async store(_source, name, text) {
      await moto.store(name, text);
      return referenceTo(name);
    },
    absent: (_source, name) => referenceTo(name),
    fields: 'of the document',
    versions: 'told',
    creationTimes: 'told',
    async storeBinary(_source, name, bytes) {
      await moto.store(name, bytes);
      return referenceTo(name);
    },
    deny: ({ user }) => moto.denyReads(user),
    async storePending(_source, { id }, text) {
      await moto.storePending(id, text);
    },
    storeLeased: undefined,
    network: awsNetwork,
  });

  describe('AWS Secrets Manager', () => {
    let source: MotoUnderTest;

    beforeEach(async () => {
      source = await open();
    });

    afterEach(() => source.close());

    it('SR-52: has no pending version once the rotation is over, whose label AWS leaves where it was', async () => {
      const name = randomUUID();
      await moto.store(name, 'old');
      const { version: current = '' } = await source.provider.read(referenceTo(name), options);
      const pending = await moto.storePending(name, 'new');
      await moto.promote(name, pending, current);
      expect(await source.provider.read(referenceTo(name), options)).toMatchObject({ text: 'new', version: pending });
      expect(await source.provider.readPending(referenceTo(name), options)).toBeUndefined();
    });

    it('reads a secret by its ARN in the region that the ARN names, and the others where it is', async () => {
      const name = randomUUID();
      const arn = await moto.store(name, 'there', 'ap-south-1');
      await moto.store(name, 'here');
      expect((await source.provider.read(referenceTo(arn), options)).text).toBe('there');
      expect((await source.provider.read(referenceTo(name), options)).text).toBe('here');
      const scopes = source.proxy.requests.map(({ headers }) => headers.authorization?.split('/')[2]);
      expect(scopes).toEqual(['ap-south-1', REGION]);
    });

    it('SR-51: a secret that is marked for deletion is not there', async () => {
      const name = randomUUID();
      await moto.store(name, createCanary());
      await moto.delete(name);
      await expect(source.provider.read(referenceTo(name), options)).rejects.toMatchObject({ code: 'not-found' });
    });

    it('SR-51: keys that the account does not know open nothing', async () => {
      const name = randomUUID();
      await moto.store(name, createCanary());
      stubAwsEnvironment({
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: source.user.accessKeyId,
        AWS_SECRET_ACCESS_KEY: createCanary(),
        AWS_ENDPOINT_URL: source.proxy.url,
      });
      // Moto refuses them with another status and without AWS's name for it.
      await expect(source.provider.read(referenceTo(name), options)).rejects.toMatchObject({ code: 'access-denied' });
    });
  });

  describe('a role of a pod, proven by a token in a file', () => {
    let folder: string;
    let proxy: FaultProxy;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'web-identity-'));
      await writeFile(join(folder, 'token'), createCanary(), { mode: 0o400 });
      proxy = await createFaultProxy({ upstream: { url: moto.url } });
    });

    afterAll(async () => {
      await proxy.close();
      await rm(folder, { recursive: true });
    });

    it('SR-51: opens a secret without any key in the environment', async () => {
      const name = randomUUID();
      await moto.createReader();
      await moto.store(name, 'for a pod');
      stubAwsEnvironment({
        AWS_REGION: REGION,
        AWS_ROLE_ARN: await moto.createRole(),
        AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'),
        AWS_ENDPOINT_URL: proxy.url,
      });
      // Moto does not know that this one request of STS is not signed.
      await moto.checkAfter(1);
      const provider = new AwsProvider();
      expect((await provider.read(referenceTo(name), options)).text).toBe('for a pod');
      expect((await provider.read(referenceTo(name), options)).text).toBe('for a pod');
      const asked = proxy.requests.map(
        ({ headers, body }) => headers['x-amz-target'] ?? /Action=(\w+)/.exec(body.toString())?.[1],
      );
      expect(asked).toEqual([
        'AssumeRoleWithWebIdentity',
        'secretsmanager.GetSecretValue',
        'secretsmanager.GetSecretValue',
      ]);
      await provider.close();
    });
  });
});
