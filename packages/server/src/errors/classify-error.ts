import { IssuerUnavailableError, PasswordHashingBusyError, PasswordPolicyError } from '@redoubt/auth';
import { isUnavailable, SharedStoreUnavailableError } from '@redoubt/storage';

import { AppError } from './app-error.ts';
import type { ErrorCode } from './error-codes.ts';

/** What Fastify itself refuses, by its codes. An error of a library that merely has a `statusCode` is not believed. */
const frameworkCodes = new Map<string, ErrorCode>([
  ['FST_ERR_BAD_URL', 'invalid-request'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'url-too-long'],
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'body-too-large'],
  ['FST_ERR_CTP_EMPTY_TYPE', 'unsupported-media-type'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'unsupported-media-type'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'invalid-request'],
  ['FST_ERR_ROUTE_MISSING_CONTENT_TYPE', 'unsupported-media-type'],
  ['FST_ERR_HANDLER_TIMEOUT', 'unavailable'],
]);

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
  const code = frameworkCodes.get(codeOf(error));
  if (code !== undefined) return new AppError(code, { cause: error });
  if (isBrokenUpload(error)) return new AppError('invalid-request', { cause: error });
  return new AppError('internal', { cause: error });
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof PasswordHashingBusyError || error instanceof SharedStoreUnavailableError || isUnavailable(error)
  );
}

/** The client went away, or broke its own framing, in the middle of its body. */
function isBrokenUpload(error: unknown): boolean {
  return codeOf(error) === 'ECONNRESET' || codeOf(error).startsWith('HPE_');
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
