import type { Socket } from 'node:net';

import type { FastifyReply, FastifyRequest } from 'fastify';

/** Which answers are the last ones of their connections. */
export interface ConnectionEnd {
  readonly hook: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
  /** From now on, every answer is. */
  readonly endAll: () => void;
}

/**
 * Creates the step that ends a connection after so many requests, with a word in the last answer: a new replica gets its
 * share of the clients, and a peer's certificate is proven again (SR-28). Node's own `maxRequestsPerSocket` says the same
 * word and keeps the connection; whoever goes on gets answers without our headers from it.
 *
 * A replica that is about to leave ends them all, so that the edge has none of them left when the listener closes: a
 * request that meets a connection as it closes is lost, and one that may not run twice cannot be sent anew (SR-38).
 */
export function createConnectionEnd(maxRequests: number): ConnectionEnd {
  const served = new WeakMap<Socket, number>();
  let isLast = false;
  return {
    hook({ socket }, reply, done) {
      const count = (served.get(socket) ?? 0) + 1;
      served.set(socket, count);
      if (isLast || count >= maxRequests) reply.header('connection', 'close');
      done();
    },
    endAll() {
      isLast = true;
    },
  };
}
