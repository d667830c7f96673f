import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What is known of the request that is being answered. One object for each request, made by the server: `userId` and
 * `serviceId` are set on it once they are proven, and every later log line of the request carries them.
 */
export interface RequestContext {
  /** The correlation id (SR-47), accepted or made by the server; matches `^[A-Za-z0-9-]{8,64}$`. */
  readonly requestId: string;
  /** The trace that a trusted hop made the request a part of (W3C Trace Context); passed on as it came (SR-47). */
  readonly traceparent?: string;
  userId?: string;
  /** The service that signed the request, or whose client certificate opened the connection. */
  serviceId?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** The context of the current request, carried through every await, timer and callback that the request starts. */
export const requestContext = {
  /** Calls `callback` in `context` and returns what it returns; nested runs hide the outer one. */
  run<Result>(context: RequestContext, callback: () => Result): Result {
    return storage.run(context, callback);
  },

  /** Calls `callback` outside of any request: for work that only happens to be started by one. */
  leave<Result>(callback: () => Result): Result {
    return storage.exit(callback);
  },

  /** The current context, or `undefined` outside of any request. */
  get(): RequestContext | undefined {
    return storage.getStore();
  },
};
