import type { Pool } from 'undici';

import type { AllowedTarget } from './allowed-hosts.ts';
import type { CallLimits } from './call-limits.ts';
import { classifyFault } from './classify-fault.ts';
import type { ConnectionOptions, createConnectionPool as CreateConnectionPool } from './connection-pool.ts';
import { withDeadline } from './deadline.ts';
import { OutboundError } from './outbound-error.ts';
import { type OutboundResponse, readResponse } from './read-response.ts';

/** Calls to one host at a time, of which ten are on their way: a host that hangs must not gather the service's memory. */
const MAX_CALLS = 100;

/** A call whose headers and limits are known to be right. */
interface Call extends CallLimits {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly url: URL;
  readonly headers: string[];
  readonly body: string | Uint8Array | null;
  /** The caller's own. */
  readonly signal: AbortSignal | undefined;
}

/** The connections to one allowed host, and the calls that use or await them. */
export interface HostChannel {
  /** Rejects with {@link OutboundError}. */
  send(call: Call): Promise<OutboundResponse>;
  close(): Promise<void>;
}

/** Opens a channel to the host of a target, for its scheme. */
export function createHostChannel({ url, allowed }: AllowedTarget, options: ConnectionOptions): HostChannel {
  const opening = openPool(url.origin, allowed, options);
  let calls = 0;
  return {
    async send({ method, url: { pathname, search }, headers, body, maxResponseBytes, ...limits }) {
      if (calls >= MAX_CALLS) throw new OutboundError('busy', { host: allowed.host });
      calls += 1;
      try {
        // Outside the deadline, which is the other side's.
        const pool = await opening;
        return await withDeadline(limits, async (signal) => {
          const answer = await pool.request({ method, path: `${pathname}${search}`, headers, body, signal });
          return readResponse(answer, { method, maxBytes: maxResponseBytes });
        });
      } catch (error) {
        throw classifyFault(error, allowed.host);
      } finally {
        calls -= 1;
      }
    },
    close: async () => (await opening).close(),
  };
}

/** Loads undici with the first call: it is a quarter of the service's code, and most starts call nobody. */
async function openPool(...given: Parameters<typeof CreateConnectionPool>): Promise<Pool> {
  const { createConnectionPool } = await import('./connection-pool.ts');
  return createConnectionPool(...given);
}
