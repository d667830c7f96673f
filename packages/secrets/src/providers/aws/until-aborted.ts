/**
 * What the work gives, or a rejection as soon as the signal is aborted: for work that heeds no signal. The work itself
 * goes on, and what becomes of it then is nobody's matter.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new DOMException('The attempt was ended', 'AbortError'));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
