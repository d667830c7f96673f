import { buildConnector, Pool } from 'undici';

import type { AllowedHost } from './allowed-hosts.ts';
import { createCheckedLookup, type ResolveHost } from './checked-lookup.ts';
import { type ClientTls, createTlsOptions } from './tls-options.ts';

/** Connections to one host: enough for a service whose own database pool has ten. */
const MAX_CONNECTIONS = 10;
/** Ends a connection attempt that leads nowhere, however many calls wait for it: the deadline of a call is its own. */
const CONNECT_TIMEOUT_MS = 5000;
/** An idle connection is kept for 4 s, below the usual 5 s of servers; a server that says more is believed up to 60 s. */
const KEEP_ALIVE_MS = 4000;
const MAX_KEEP_ALIVE_MS = 60_000;
/** After this time a connection takes no new call: a moved host and a rotated certificate are noticed under load, too. */
const MAX_CONNECTION_AGE_MS = 300_000;
/** Largest head of an answer, as Node's own limit. */
const MAX_HEADER_BYTES = 16 * 1024;

/** What all connections of a client share. */
export interface ConnectionOptions extends ClientTls {
  readonly resolveHost?: ResolveHost | undefined;
}

/** Opens the kept-alive connections to one allowed host; each stays at the address that was checked (SR-29). */
export function createConnectionPool(origin: string, { reach }: AllowedHost, options: ConnectionOptions): Pool {
  const lookup = createCheckedLookup(reach, options.resolveHost);
  return new Pool(origin, {
    connections: MAX_CONNECTIONS,
    clientTtl: MAX_CONNECTION_AGE_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    // The deadline of a call is total; these would count parts of it.
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
    // One call on one connection: the state that HTTP/2 shares between calls is a surface that nothing here needs.
    allowH2: false,
    // llhttp, as Node itself; otherwise a variable of the environment would choose.
    useMilo: false,
    connect: (target, callback) =>
      buildConnector({
        ...createTlsOptions(options),
        lookup,
        allowH2: false,
        timeout: CONNECT_TIMEOUT_MS,
        // A resumed session skips the check of the certificate's names, and keeps the client certificate it began with.
        maxCachedSessions: 0,
      })(target, callback),
  });
}
