import type { Server } from '../server.ts';
import { LISTENER_CLOSE_TIMEOUT_MS } from '../limits.ts';

/**
 * Closes a listener: no new connections, what is in flight finishes. A connection that is still open after
 * `timeoutMs` (a client that sends half a header and waits) is cut, so that it cannot hold up the rest of a shutdown.
 */
export async function closeListener(
  app: Pick<Server, 'close' | 'server'>,
  timeoutMs: number = LISTENER_CLOSE_TIMEOUT_MS,
): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), timeoutMs);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}
