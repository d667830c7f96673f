import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What is known of the request that is being answered. One object for each request, made by the server: `userId` and
 * `serviceId` are set on it once they are proven, and every later log line of the request carries them.
 */
export interface RequestContext {
  /** The correlation id (SR-47), accepted or made by the server; matches `^[A-Za-z0-9-]{8,64}$`. */
  readonly requestId: string;
  /**
   * What calls that leave tell of the trace (W3C Trace Context, SR-47): the present span, or, where the service makes
   * no spans, what a trusted hop sent.
   */
  readonly traceparent?: string;
  /** The trace that the request is a part of: 32 hexadecimal digits. */
  readonly traceId?: string;
  /** The request's own span in it: 16 hexadecimal digits; absent where the service makes no spans. */
  readonly spanId?: string;
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
