import type { Socket } from 'node:net';

import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Makes the hook that ends a connection after so many requests, with a word in the last answer: a new replica gets its
 * share of the clients, and a peer's certificate is proven again (SR-28). Node's own `maxRequestsPerSocket` says the same
 * word and keeps the connection; whoever goes on gets answers without our headers from it.
 */
export function createEndConnection(maxRequests: number) {
  const served = new WeakMap<Socket, number>();
  return ({ socket }: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const count = (served.get(socket) ?? 0) + 1;
    served.set(socket, count);
    if (count >= maxRequests) reply.header('connection', 'close');
    done();
  };
}
