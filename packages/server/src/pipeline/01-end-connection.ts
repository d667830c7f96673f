import type { Socket } from 'node:net';

import type { FastifyReply, FastifyRequest } from 'fastify';

import type { InFlight } from '../overload/in-flight.ts';

/** Which answers are the last ones of their connections. */
export interface ConnectionEnd {
  readonly count: (request: FastifyRequest, reply: FastifyReply) => void;
  /** From now on, every answer is: those to requests that are in work as well, as long as they have not begun. */
  readonly endAll: () => void;
}

/**
 * Creates the step that ends a connection after so many requests, with a word in the last answer: a new replica gets its
 * share of the clients, and a peer's certificate is proven again (SR-28). Node's own `maxRequestsPerSocket` says the same
 * word and keeps the connection; whoever goes on gets answers without our headers from it.
 *
 * A replica that is about to leave ends them all, so that the edge has none of them left when the listener closes: a
 * request that meets a connection as it closes is lost, and one that may not run twice cannot be sent anew (SR-38). A
 * connection whose client was not told would stay open after its answer, and hold up the end until it is cut.
 */
export function createConnectionEnd(maxRequests: number, inFlight: Pick<InFlight, 'unanswered'>): ConnectionEnd {
  const served = new WeakMap<Socket, number>();
  let isLast = false;
  return {
    count({ socket }, reply) {
      const count = (served.get(socket) ?? 0) + 1;
      served.set(socket, count);
      if (isLast || count >= maxRequests) reply.header('connection', 'close');
    },
    endAll() {
      isLast = true;
      for (const reply of inFlight.unanswered()) if (!reply.raw.headersSent) reply.header('connection', 'close');
    },
  };
}
