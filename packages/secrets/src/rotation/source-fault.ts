import { SecretError } from '../secret-error.ts';

/**
 * What a source failed with, as a coded error. A provider throws nothing else; what is no `SecretError` is a fault of
 * its code, and counts as `unavailable`. Its cause tells where the fault is and nothing that it says: nobody has vouched
 * for the message, which may quote what was read (SR-51).
 */
export function asSecretError(error: unknown, document: string): SecretError {
  if (error instanceof SecretError) return error;
  return new SecretError('unavailable', document, { cause: withoutMessage(error) });
}

function withoutMessage(error: unknown): Error {
  const kind = error instanceof Error ? error.constructor.name : typeof error;
  const trace = new Error(`a provider threw what is no SecretError: ${kind}`);
  trace.stack = `${trace.message}${error instanceof Error ? framesOf(error) : ''}`;
  return trace;
}

/** The lines of a stack below its head; none where the head is not the message, and may say anything. */
function framesOf({ stack = '', message }: Error): string {
  const start = message === '' ? -1 : stack.indexOf(message);
  return start === -1 ? '' : stack.slice(start + message.length);
}
