import { Buffer } from 'node:buffer';
import {
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { documentOf } from '../../references/format-reference.ts';
import type { SecretReference } from '../../references/secret-reference.ts';
import { SecretError } from '../../secret-error.ts';
import { MAX_SECRET_BYTES, type ReadOptions, type SecretProvider, type SecretReading } from '../secret-provider.ts';
import { AwsClients } from './aws-clients.ts';
import { type AwsPhase, awsFailure } from './aws-failure.ts';
import { untilAborted } from './until-aborted.ts';

/** Labels that Secrets Manager moves between versions (User Guide, "What's in a secret?"). */
type Stage = 'AWSCURRENT' | 'AWSPENDING';

/** Where an ARN has its region: `arn:partition:service:region:…`. */
const REGION_PART = 3;

/**
 * Reads secrets of AWS Secrets Manager. Region, endpoint and credentials are what the SDK finds by itself: a role of
 * the pod, the task or the machine. A reference by ARN is read in the region that the ARN names.
 */
export class AwsProvider implements SecretProvider<'aws-sm'> {
  readonly scheme = 'aws-sm';
  readonly #clients = new AwsClients();

  read(reference: SecretReference<'aws-sm'>, { signal }: ReadOptions): Promise<SecretReading> {
    return this.#get(reference, 'AWSCURRENT', signal);
  }

  async readPending(reference: SecretReference<'aws-sm'>, { signal }: ReadOptions): Promise<SecretReading | undefined> {
    // First, for without it AWS calls a secret that does not exist and a stage that does not exist the same.
    const current = await this.#get(reference, 'AWSCURRENT', signal);
    const pending = await this.#getIfAny(reference, 'AWSPENDING', signal);
    // A rotation that is over may leave the label where it was.
    return pending?.version === current.version ? undefined : pending;
  }

  // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
  async close(): Promise<void> {
    this.#clients.close();
  }

  async #getIfAny(
    reference: SecretReference<'aws-sm'>,
    stage: Stage,
    signal: AbortSignal,
  ): Promise<SecretReading | undefined> {
    try {
      return await this.#get(reference, stage, signal);
    } catch (error) {
      if (error instanceof SecretError && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  async #get(reference: SecretReference<'aws-sm'>, stage: Stage, signal: AbortSignal): Promise<SecretReading> {
    const document = documentOf(reference);
    const region = regionOf(reference);
    const client = this.#clients.of(region);
    await assertRegion(client, document);
    await this.#attempt('sign-in', reference, signal, () => untilAborted(client.config.credentials(), signal));
    const command = new GetSecretValueCommand({ SecretId: reference.id, VersionStage: stage });
    const answer = await this.#attempt('read', reference, signal, () => client.send(command, { abortSignal: signal }));
    return toReading(answer, document);
  }

  async #attempt<T>(
    phase: AwsPhase,
    reference: SecretReference<'aws-sm'>,
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    const document = documentOf(reference);
    if (signal.aborted) throw new SecretError('timeout', document);
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw new SecretError('timeout', document);
      const failure = awsFailure(error, phase, document);
      if (failure.code === 'sign-in-failed') this.#clients.forget(regionOf(reference));
      throw failure;
    }
  }
}

function regionOf({ id }: SecretReference<'aws-sm'>): string | undefined {
  return id.startsWith('arn:') ? id.split(':')[REGION_PART] : undefined;
}

async function assertRegion(client: SecretsManagerClient, document: string): Promise<void> {
  try {
    await client.config.region();
  } catch {
    // Nothing names a region, or what does is none; the SDK's message quotes it.
    throw new SecretError('not-configured', document);
  }
}

/** The SDK passes on what it was sent, whatever its types say. */
function toReading(answer: GetSecretValueCommandOutput, document: string): SecretReading {
  const { SecretString: text, SecretBinary: bytes, VersionId: version, CreatedDate: createdAt } = answer;
  if (text === undefined && bytes !== undefined) throw new SecretError('not-text', document);
  if (typeof text !== 'string' || typeof version !== 'string') throw new SecretError('malformed-answer', document);
  if (Buffer.byteLength(text) > MAX_SECRET_BYTES) throw new SecretError('too-large', document);
  const createdAtMs = createdAt instanceof Date ? createdAt.getTime() : Number.NaN;
  return { text, version, ...(Number.isNaN(createdAtMs) ? {} : { createdAtMs }) };
}
