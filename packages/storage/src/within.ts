/** What the promise gives, or the substitute once the time is over: the promise itself goes on, unheard. */
export async function within<T, S>(timeoutMs: number, promise: Promise<T>, substitute: S): Promise<T | S> {
  const { promise: deadline, resolve } = Promise.withResolvers<S>();
  const timer = setTimeout(() => resolve(substitute), timeoutMs);
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
