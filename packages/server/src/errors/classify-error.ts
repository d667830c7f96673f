import { IssuerUnavailableError, PasswordHashingBusyError, PasswordPolicyError } from '@redoubt/auth';
import { isUnavailable, SharedStoreUnavailableError } from '@redoubt/storage';

import { errorCodes as fastifyErrors } from 'fastify';

import { AppError } from './app-error.ts';
import type { ErrorCode } from './error-codes.ts';

/** What Fastify itself refuses. An error of a library that merely has such a code or a `statusCode` is not believed. */
const frameworkErrors: readonly (readonly [new () => Error, ErrorCode])[] = [
  [fastifyErrors.FST_ERR_CTP_INVALID_CONTENT_LENGTH, 'invalid-request'],
  [fastifyErrors.FST_ERR_CTP_BODY_TOO_LARGE, 'body-too-large'],
  [fastifyErrors.FST_ERR_CTP_INVALID_MEDIA_TYPE, 'unsupported-media-type'],
];

/** A busy or absent dependency is worth another try after this many seconds. */
const RETRY_AFTER_SECONDS = 1;

/** Turns anything thrown into an error that a client may see; what is not known becomes a generic 500 (SR-37). */
export function classifyError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof PasswordPolicyError) return new AppError('invalid-request', { cause: error });
  if (error instanceof IssuerUnavailableError) {
    return new AppError('unavailable', { cause: error, retryAfterSeconds: error.retryAfterSeconds });
  }
  if (isBusy(error)) return new AppError('unavailable', { cause: error, retryAfterSeconds: RETRY_AFTER_SECONDS });
  if (error instanceof fastifyErrors.FST_ERR_BAD_URL)
    return new AppError('invalid-request', { cause: error, suspicion: 'extraneous' });
  const code = frameworkErrors.find(([known]) => error instanceof known)?.[1];
  return new AppError(code ?? 'internal', { cause: error });
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof PasswordHashingBusyError || error instanceof SharedStoreUnavailableError || isUnavailable(error)
  );
}
