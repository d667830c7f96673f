import { OutboundError, type OutboundFault } from '@redoubt/outbound';
import { type SecretErrorCode, secretErrorCodes } from '../../secret-error.ts';

/**
 * Why a request came to nothing, before it is said for which document that was: callers share a sign-in. It carries
 * nothing of an answer's body.
 */
export class VaultFault extends Error {
  override readonly name = 'VaultFault';
  readonly code: SecretErrorCode;

  constructor(code: SecretErrorCode, options?: ErrorOptions) {
    super(secretErrorCodes[code].sentence, options);
    this.code = code;
  }
}

/** Whether an error is a fault of one of these codes. */
export function isFault(error: unknown, ...codes: readonly SecretErrorCode[]): error is VaultFault {
  return error instanceof VaultFault && codes.includes(error.code);
}

/** Statuses of the API (HTTP API, "HTTP status codes"), as far as their number alone does not say it. */
const CODES_OF_STATUSES: ReadonlyMap<number, SecretErrorCode> = new Map([
  // Also what an engine says of a role that it does not have.
  [400, 'not-found'],
  [401, 'access-denied'],
  [403, 'access-denied'],
  [404, 'not-found'],
  [405, 'not-found'],
  // Vault Enterprise: a replica that has not seen yet what the token was given elsewhere.
  [412, 'unavailable'],
  [429, 'throttled'],
  // Replicas that do not serve: disaster recovery, performance standby.
  [472, 'unavailable'],
  [473, 'unavailable'],
]);

/** A standby that does not forward sends its client to the active node: not followed, for the token would go along. */
const STANDBY_STATUS = 307;

const CODES_OF_OUTBOUND_FAULTS: Readonly<Record<OutboundFault, SecretErrorCode>> = {
  'invalid-url': 'unavailable',
  'host-not-allowed': 'unavailable',
  'address-not-allowed': 'unavailable',
  busy: 'unavailable',
  timeout: 'timeout',
  aborted: 'timeout',
  closed: 'unavailable',
  connection: 'unavailable',
  tls: 'unavailable',
  redirect: 'malformed-answer',
  encoding: 'malformed-answer',
  'too-large': 'too-large',
};

/** The fault that a status of 400 or above is, whatever its body says; 500 and above: the server's own. */
export function faultOfStatus(status: number): VaultFault {
  const code = CODES_OF_STATUSES.get(status) ?? (status >= 500 ? 'unavailable' : 'malformed-answer');
  return new VaultFault(code);
}

/** The fault that a call which gave no answer is; any other error stays what it is. */
export function faultOfCall(error: unknown): unknown {
  if (!(error instanceof OutboundError)) return error;
  return new VaultFault(codeOf(error), { cause: error });
}

function codeOf({ code, status = 0 }: OutboundError): SecretErrorCode {
  if (status >= 500 || (code === 'redirect' && status === STANDBY_STATUS)) return 'unavailable';
  return CODES_OF_OUTBOUND_FAULTS[code];
}
