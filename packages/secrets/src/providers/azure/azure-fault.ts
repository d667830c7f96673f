import type { SecretErrorCode } from '../../secret-error.ts';

/**
 * What went wrong between the service and Azure, told with nothing of what was sent or read: its message is a status or
 * a code of Node. An error of the SDK has requests with tokens and answers with values in it, and goes no further.
 */
export class AzureFault extends Error {
  override readonly name = 'AzureFault';
  readonly code: SecretErrorCode;

  constructor(code: SecretErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** A code as Node and OpenSSL give them: `ECONNREFUSED`, `ERR_TLS_CERT_ALTNAME_INVALID`. */
const SYSTEM_CODE = /^[A-Z][A-Z0-9_]{1,63}$/;

/** A connection that failed; `timeout` when the one who asked ended it. */
export function connectionFault(error: unknown, outcome: 'ended by us' | 'failed'): AzureFault {
  if (outcome === 'ended by us') return new AzureFault('timeout', 'The attempt was ended.');
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new AzureFault('unavailable', SYSTEM_CODE.test(code) ? code : 'The connection failed.');
}
