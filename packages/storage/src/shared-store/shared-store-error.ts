/** The stable code of {@link SharedStoreUnavailableError}. */
export const SHARED_STORE_UNAVAILABLE = 'SHARED_STORE_UNAVAILABLE';

/**
 * The shared store could not answer: not connected, too slow, refusing, or closed.
 *
 * Its message and cause hold no key, value or password: a client library's own error carries the command with all its
 * arguments, AUTH included, and is never passed on.
 */
export class SharedStoreUnavailableError extends Error {
  override readonly name = 'SharedStoreUnavailableError';
  readonly code = SHARED_STORE_UNAVAILABLE;

  /** @param reason a short text for the operator: a system error code, or the first word of the server's refusal. */
  constructor(reason: string) {
    super(`The shared store is unavailable (${reason})`);
  }
}
