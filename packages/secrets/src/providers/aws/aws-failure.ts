import { type SecretErrorCode, SecretError } from '../../secret-error.ts';
import { codesOfAwsErrors, codesOfNetworkErrors } from './aws-error-codes.ts';

/** What was being done when it failed: finding out who the service is, or reading. */
export type AwsPhase = 'sign-in' | 'read';

/** What an error of the SDK may have, each of it written by whoever answered. */
interface AwsErrorParts {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
}

const HTTP_UNAUTHORIZED = 401;
const HTTP_FORBIDDEN = 403;
const HTTP_TOO_MANY_REQUESTS = 429;
const HTTP_SERVER_ERROR = 500;

/** How the SDK and Node name what ends because its time is over. */
const TIMEOUT_NAMES: ReadonlySet<unknown> = new Set(['TimeoutError', 'AbortError']);

/** When signing in fails for another reason than these, it is because of who the service is. */
const TEMPORARY: ReadonlySet<SecretErrorCode | undefined> = new Set(['throttled', 'timeout', 'unavailable']);

/**
 * What a failure of the SDK is called here. The SDK's error is dropped whole: it carries the answer, headers and body,
 * and quotes it in its message. The cause names the error where this project knows its name, and its status (SR-51).
 */
export function awsFailure(error: unknown, phase: AwsPhase, reference: string): SecretError {
  const parts = partsOf(error);
  return new SecretError(codeIn(phase, parts), reference, { cause: new Error(describe(parts)) });
}

function partsOf(error: unknown): AwsErrorParts {
  return typeof error === 'object' && error !== null ? error : {};
}

function codeIn(phase: AwsPhase, parts: AwsErrorParts): SecretErrorCode {
  const code = codeOf(parts);
  if (phase === 'read') return code ?? 'malformed-answer';
  return code !== undefined && TEMPORARY.has(code) ? code : 'sign-in-failed';
}

/** The network's code comes first: the SDK calls a connection that was reset a timeout. */
function codeOf(parts: AwsErrorParts): SecretErrorCode | undefined {
  const code = codesOfNetworkErrors.get(parts.code) ?? codesOfAwsErrors.get(parts.name);
  if (code !== undefined) return code;
  return TIMEOUT_NAMES.has(parts.name) ? 'timeout' : codeOfStatus(statusOf(parts));
}

function codeOfStatus(status: number): SecretErrorCode | undefined {
  if (status === HTTP_TOO_MANY_REQUESTS) return 'throttled';
  if (status === HTTP_UNAUTHORIZED || status === HTTP_FORBIDDEN) return 'access-denied';
  return status >= HTTP_SERVER_ERROR ? 'unavailable' : undefined;
}

function statusOf({ $metadata }: AwsErrorParts): number {
  return typeof $metadata?.httpStatusCode === 'number' ? $metadata.httpStatusCode : 0;
}

/** Nothing but words of the tables of this project, and a number. */
function describe(parts: AwsErrorParts): string {
  const { name, code } = parts;
  const known = [code, name].filter((word) => codesOfNetworkErrors.has(word) || codesOfAwsErrors.has(word));
  const status = statusOf(parts);
  return [...known.map(String), ...(status === 0 ? [] : [`HTTP ${status}`])].join(', ') || 'An error without a name';
}
