import { SharedStoreUnavailableError } from './shared-store-error.ts';

/** Refusals that mean wrong use by our own code: a counter's key that holds something else. */
const WRONG_USE = /^(?:WRONGTYPE|ERR value is not an integer)/;

/** The first word of a server's refusal, such as `NOPERM`, or an error code of the system, such as `ECONNREFUSED`. */
const CODE = /^[A-Z][A-Z0-9_]{1,31}$/;

/**
 * What went wrong, in a word, with nothing of the command in it: the library's errors carry their command with all
 * its arguments, and the text of a server's refusal may repeat them.
 */
export function toReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string' && CODE.test(error.code)) return error.code;
  if (error.message === 'Command timed out') return 'command timed out';
  if (error.name !== 'ReplyError') return 'not connected';
  const [word = ''] = error.message.split(' ', 1);
  return CODE.test(word) ? word : 'refused';
}

/**
 * Throws what a store's caller may see in the place of a client library's error.
 *
 * @throws {TypeError} when the key holds a value that is not a counter.
 * @throws {SharedStoreUnavailableError} for everything else.
 */
export function rethrow(error: unknown): never {
  if (error instanceof Error && error.name === 'ReplyError' && WRONG_USE.test(error.message)) {
    throw new TypeError('increment: the key holds a value that is not a counter');
  }
  throw new SharedStoreUnavailableError(toReason(error));
}
