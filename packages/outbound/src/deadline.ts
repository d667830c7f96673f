import { OutboundError } from './outbound-error.ts';

/**
 * Ends an act after a time, or with the caller's own signal: `act` gets a signal whose reason is the {@link OutboundError},
 * and the promise rejects with it even when `act` does not listen.
 */
export async function withDeadline<Result>(
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal?: AbortSignal | undefined },
  act: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (signal?.aborted === true) throw new OutboundError('aborted');
  const controller = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (code: 'aborted' | 'timeout'): void => {
    const error = new OutboundError(code);
    controller.abort(error);
    reject(error);
  };
  const onAbort = (): void => end('aborted');
  const timer = setTimeout(end, deadlineMs, 'timeout');
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([act(controller.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
