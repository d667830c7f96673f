import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';

export const REGION = 'eu-central-1';

/** Moto's account, when nobody asks for another. */
const ACCOUNT = '123456789012';

/** What a service that reads secrets needs, and nothing else. Moto knows no resources of Secrets Manager but `*`. */
const READS = policy('Allow', 'secretsmanager:GetSecretValue');

/** Keys of a user that Moto knows. */
export interface MotoUser {
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The administrator's side of Moto: it is asked past every proxy. */
export class Moto {
  readonly url: string;
  readonly #clients = new Map<string, SecretsManagerClient>();
  #administrator: MotoUser | undefined;

  constructor(url: string) {
    this.url = url;
  }

  /** Makes a user who may read secrets; from now on Moto checks signatures and policies. */
  async createReader(): Promise<MotoUser> {
    await this.checkAfter(Infinity);
    this.#administrator ??= await this.#createUser(policy('Allow', '*'));
    const reader = await this.#createUser(READS);
    await this.checkAfter(0);
    return reader;
  }

  /** Makes a role that may read secrets; answers its ARN. */
  async createRole(): Promise<string> {
    const name = `reader-${randomUUID()}`;
    await this.checkAfter(Infinity);
    await this.#iam('CreateRole', { RoleName: name, AssumeRolePolicyDocument: policy('Allow', 'sts:*') });
    await this.#iam('PutRolePolicy', { RoleName: name, PolicyName: 'reads', PolicyDocument: READS });
    await this.checkAfter(0);
    return `arn:aws:iam::${ACCOUNT}:role/${name}`;
  }

  /** Takes the right to read secrets away. */
  async denyReads({ name }: MotoUser): Promise<void> {
    await this.checkAfter(Infinity);
    const PolicyDocument = policy('Deny', 'secretsmanager:GetSecretValue');
    await this.#iam('PutUserPolicy', { UserName: name, PolicyName: 'no-reads', PolicyDocument });
    await this.checkAfter(0);
  }

  /** Lets so many requests pass unchecked, and checks signatures and policies of those after them. */
  async checkAfter(requests: number): Promise<void> {
    const body = requests === Infinity ? 'inf' : String(requests);
    const response = await fetch(`${this.url}/moto-api/reset-auth`, { method: 'POST', body });
    if (!response.ok) throw new Error(`Moto answered ${response.status}`);
  }

  /** Stores a text or bytes, as a new version where there is one; answers the ARN. */
  async store(name: string, value: string | Uint8Array, region: string = REGION): Promise<string> {
    const content = typeof value === 'string' ? { SecretString: value } : { SecretBinary: value };
    const client = this.#clientOf(region);
    try {
      const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: name, ...content }));
      return ARN;
    } catch (error) {
      if (!(error instanceof ResourceExistsException)) throw error;
      const { ARN = '' } = await client.send(new PutSecretValueCommand({ SecretId: name, ...content }));
      return ARN;
    }
  }

  /** Stores a version as a rotation function does in its step createSecret; answers its id. */
  async storePending(name: string, text: string): Promise<string> {
    const command = new PutSecretValueCommand({ SecretId: name, SecretString: text, VersionStages: ['AWSPENDING'] });
    const { VersionId = '' } = await this.#clientOf(REGION).send(command);
    return VersionId;
  }

  /** Makes the pending version the current one and leaves its label, as the step finishSecret may. */
  async promote(name: string, pendingVersion: string, currentVersion: string): Promise<void> {
    await this.#clientOf(REGION).send(
      new UpdateSecretVersionStageCommand({
        SecretId: name,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: pendingVersion,
        RemoveFromVersionId: currentVersion,
      }),
    );
  }

  /** Marks a secret for deletion, which AWS carries out days later. */
  async delete(name: string): Promise<void> {
    await this.#clientOf(REGION).send(new DeleteSecretCommand({ SecretId: name }));
  }

  /** Closes the administrator's connections, and leaves Moto as open as it was. */
  async close(): Promise<void> {
    for (const client of this.#clients.values()) client.destroy();
    await this.checkAfter(Infinity);
  }

  #clientOf(region: string): SecretsManagerClient {
    if (this.#administrator === undefined) throw new TypeError('The first reader comes with the administrator');
    const credentials = this.#administrator;
    const client = this.#clients.get(region) ?? new SecretsManagerClient({ region, credentials, endpoint: this.url });
    this.#clients.set(region, client);
    return client;
  }

  async #createUser(policyDocument: string): Promise<MotoUser> {
    const name = `user-${randomUUID()}`;
    await this.#iam('CreateUser', { UserName: name });
    await this.#iam('PutUserPolicy', { UserName: name, PolicyName: 'own', PolicyDocument: policyDocument });
    const keys = await this.#iam('CreateAccessKey', { UserName: name });
    return { name, accessKeyId: textOf(keys, 'AccessKeyId'), secretAccessKey: textOf(keys, 'SecretAccessKey') };
  }

  /** Moto takes it from the header's scope which service is asked, and where; nobody checks the signature now. */
  async #iam(action: string, parameters: Readonly<Record<string, string>>): Promise<string> {
    const scope = `20260101/us-east-1/iam/aws4_request`;
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=none/${scope}, SignedHeaders=host, Signature=none` },
      body: new URLSearchParams({ Action: action, Version: '2010-05-08', ...parameters }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${action}: Moto answered ${response.status}: ${text}`);
    return text;
  }
}

function policy(effect: 'Allow' | 'Deny', action: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: effect, Action: action, Resource: '*' }],
  });
}

function textOf(xml: string, tag: string): string {
  const text = new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(xml)?.[1];
  if (text === undefined) throw new Error(`Moto's answer has no ${tag}`);
  return text;
}
