import { once } from 'node:events';
import { Server as TcpServer } from 'node:net';

import { LISTENER_CLOSE_TIMEOUT_MS, LISTENER_SETTLE_MS } from '../limits.ts';
import type { Server } from '../server.ts';

/** How long a listener has, in milliseconds; each absent number has its constant in `limits.ts`. */
export interface CloseListenerOptions {
  /** For connections that were just made to bring their request: a part of the whole. */
  readonly settleMs?: number;
  /** For the whole, from the moment at which nobody can connect any more. */
  readonly timeoutMs?: number;
}

/**
 * Closes a listener: no new connections, what is in flight finishes (SR-38). A connection on which the request is still
 * on its way counts as in flight: Node and Fastify take it for idle, and would cut it. One that is still open after the
 * time limit (a client that sends half a header and waits, a request without end) is cut, so that it cannot hold up the
 * rest of a shutdown.
 */
export async function closeListener(
  app: Pick<Server, 'close' | 'server' | 'endConnections'>,
  { settleMs = LISTENER_SETTLE_MS, timeoutMs = LISTENER_CLOSE_TIMEOUT_MS }: CloseListenerOptions = {},
): Promise<void> {
  app.endConnections();
  const timer = setTimeout(() => app.server.closeAllConnections(), timeoutMs);
  try {
    await settle(app.server, settleMs);
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}

/** Stops listening without a look at the connections, and waits until none is left, or for so long. */
async function settle(server: Server['server'], milliseconds: number): Promise<void> {
  const { promise: isOver, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  try {
    const closed = once(server, 'close');
    // Past `http.Server`, whose own method cuts idle connections first.
    TcpServer.prototype.close.call(server);
    await Promise.race([closed, isOver]);
  } finally {
    clearTimeout(timer);
  }
}
