import { inspect } from 'node:util';
import { createCanary, pathsToCanary } from '@redoubt/testing';
import { describe, expect, it } from 'vitest';
import type { SecretErrorCode } from '../../../src/index.ts';
import { awsFailure } from '../../../src/providers/aws/aws-failure.ts';

const canary = createCanary();

/** An error as the SDK makes it: the answer is in its message, and in members that are not listed. */
function sdkError(name: string, httpStatusCode?: number, code?: unknown): Error {
  const error = Object.assign(new Error(canary), { name, ...(code === undefined ? {} : { code }) });
  const $metadata = { requestId: canary, ...(httpStatusCode === undefined ? {} : { httpStatusCode }) };
  return Object.defineProperties(Object.assign(error, { $metadata }), {
    $response: { value: { headers: { a: canary }, body: canary } },
    $responseBodyText: { value: canary },
  });
}

/** Name, status and code of the network, and what they are called here. */
const readings: readonly (readonly [string, number | undefined, string | undefined, SecretErrorCode])[] = [
  ['ResourceNotFoundException', 400, undefined, 'not-found'],
  ['InvalidRequestException', 400, undefined, 'not-found'],
  ['AccessDeniedException', 400, undefined, 'access-denied'],
  ['DecryptionFailure', 400, undefined, 'access-denied'],
  ['Unknown', 403, undefined, 'access-denied'],
  ['ExpiredTokenException', 400, undefined, 'sign-in-failed'],
  ['ExpiredTokenException', 403, undefined, 'sign-in-failed'],
  ['InvalidSignatureException', 400, undefined, 'sign-in-failed'],
  ['ThrottlingException', 400, undefined, 'throttled'],
  ['Unknown', 429, undefined, 'throttled'],
  ['InternalServiceError', 500, undefined, 'unavailable'],
  ['SyntaxError', 503, undefined, 'unavailable'],
  ['TimeoutError', undefined, 'ECONNRESET', 'unavailable'],
  ['Error', undefined, 'ENOTFOUND', 'unavailable'],
  ['TimeoutError', undefined, 'ETIMEDOUT', 'timeout'],
  ['TimeoutError', undefined, undefined, 'timeout'],
  ['AbortError', undefined, undefined, 'timeout'],
  ['SyntaxError', 200, undefined, 'malformed-answer'],
  ['TypeError', undefined, undefined, 'malformed-answer'],
  ['Error', undefined, 'CERT_HAS_EXPIRED', 'malformed-answer'],
  ['toString', 302, '__proto__', 'malformed-answer'],
];

const temporary: ReadonlySet<string> = new Set(['throttled', 'timeout', 'unavailable']);

describe('a failure of AWS', () => {
  it.each(readings)(
    "SR-51: %s, status %s, of the network %s, is '%s' and shows no answer",
    (name, status, code, is) => {
      const failure = awsFailure(sdkError(name, status, code), 'read', 'aws-sm://name');
      expect(failure).toMatchObject({ code: is, reference: 'aws-sm://name' });
      expect(pathsToCanary(failure, canary)).toEqual([]);
      expect(inspect(failure, { showHidden: true, depth: Infinity })).not.toContain(canary);
    },
  );

  it('SR-51: shows neither a name nor a code that it does not know', () => {
    const failure = awsFailure(sdkError(canary, 400, canary), 'read', 'aws-sm://name');
    expect(failure.code).toBe('malformed-answer');
    expect(pathsToCanary(failure, canary)).toEqual([]);
  });

  it.each(readings)('SR-51: %s, status %s, of the network %s, while signing in', (name, status, code, is) => {
    const failure = awsFailure(sdkError(name, status, code), 'sign-in', 'aws-sm://name');
    expect(failure.code).toBe(temporary.has(is) ? is : 'sign-in-failed');
  });

  it('names the error of AWS and its status in its cause, for who has to mend it', () => {
    const { cause } = awsFailure(sdkError('DecryptionFailure', 400), 'read', 'aws-sm://name');
    expect(cause).toMatchObject({ message: 'DecryptionFailure, HTTP 400' });
  });

  it.each([undefined, null, 'text', 4711])('SR-51: %j, which is no error, is one all the same', (thrown) => {
    expect(awsFailure(thrown, 'read', 'aws-sm://name').code).toBe('malformed-answer');
  });
});
