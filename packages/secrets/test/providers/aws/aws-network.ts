import { randomUUID } from 'node:crypto';
import type { Answer, FaultProxy } from '@redoubt/testing';
import type { NetworkContract, SourceUnderTest } from '@redoubt/testing/contracts/secret-provider-contract';

/** A provider whose requests go through a proxy. */
export interface AwsSourceUnderTest extends SourceUnderTest<'aws-sm'> {
  readonly proxy: FaultProxy;
}

const HEADERS = { 'content-type': 'application/x-amz-json-1.1' };

/** An error as AWS phrases it (Secrets Manager API reference, "Common Errors"), with words wherever there is room. */
export function awsError(status: number, type: string, words: string): Answer {
  return {
    status,
    headers: { ...HEADERS, 'x-amzn-requestid': words, 'x-amzn-errortype': type },
    body: JSON.stringify({ __type: type, message: words, Message: words, Resource: words, code: words }),
  };
}

/** GetSecretValue's answer with these members in place of its own. */
export function awsSecret(members: Readonly<Record<string, unknown>>): Answer {
  const own = { ARN: 'arn', Name: 'name', VersionId: randomUUID(), VersionStages: ['AWSCURRENT'], CreatedDate: 1.8e9 };
  return { status: 200, headers: HEADERS, body: JSON.stringify({ ...own, ...members }) };
}

/** How AWS Secrets Manager speaks when it does not give the secret. */
export const awsNetwork: NetworkContract<'aws-sm', AwsSourceUnderTest> = {
  proxy: ({ proxy }) => proxy,
  isRead: ({ headers }) => headers['x-amz-target'] === 'secretsmanager.GetSecretValue',
  holding: (_reference, text) => awsSecret({ SecretString: text }),
  throttled: (words) => awsError(400, 'ThrottlingException', words),
  serverError: (words) => awsError(500, 'InternalServiceError', words),
  denied: (words) => awsError(400, 'AccessDeniedException', words),
  malformed: {
    'a number for a text': (words) => awsSecret({ SecretString: 4711, Name: words }),
    'a list for a text': (words) => awsSecret({ SecretString: [words] }),
    'an object for a text': (words) => awsSecret({ SecretString: { words } }),
    'a secret without a version': (words) => awsSecret({ SecretString: words, VersionId: undefined }),
    'a secret without a value': (words) => awsSecret({ Name: words }),
    'an error that nobody knows': (words) => awsError(400, words, words),
  },
  signInRefused: {
    answer: (words) => awsError(400, 'ExpiredTokenException', words),
    isMet: ({ headers }) => headers['x-amz-target'] === 'secretsmanager.GetSecretValue',
  },
};
