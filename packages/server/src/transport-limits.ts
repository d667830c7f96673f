import type { Server, ServerOptions } from 'node:http';

import {
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  MAX_CONNECTIONS,
  MAX_REQUESTS_PER_CONNECTION,
  REQUEST_TIMEOUT_MS,
  SOCKET_TIMEOUT_MS,
  TIMEOUT_CHECK_INTERVAL_MS,
  TLS_HANDSHAKE_TIMEOUT_MS,
} from './limits.ts';

/** What a client may take of a listener, before it has asked for anything (SR-39). */
export interface TransportLimits {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly socketTimeoutMs: number;
  readonly checkIntervalMs: number;
  readonly tlsHandshakeTimeoutMs: number;
  readonly maxConnections: number;
  readonly maxRequestsPerConnection: number;
}

/** The limits that hold unless a test, which cannot wait as long as a slow client, says otherwise. */
export const defaultTransportLimits: TransportLimits = {
  headersTimeoutMs: HEADERS_TIMEOUT_MS,
  requestTimeoutMs: REQUEST_TIMEOUT_MS,
  keepAliveTimeoutMs: KEEP_ALIVE_TIMEOUT_MS,
  socketTimeoutMs: SOCKET_TIMEOUT_MS,
  checkIntervalMs: TIMEOUT_CHECK_INTERVAL_MS,
  tlsHandshakeTimeoutMs: TLS_HANDSHAKE_TIMEOUT_MS,
  maxConnections: MAX_CONNECTIONS,
  maxRequestsPerConnection: MAX_REQUESTS_PER_CONNECTION,
};

/** The limits as Node's constructors take them. */
export function toServerOptions(limits: TransportLimits): ServerOptions {
  return {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: limits.checkIntervalMs,
  };
}

/** Sets what no constructor takes; `onDrop` is told of each connection that is one too many. */
export function applyTransportLimits(server: Server, limits: TransportLimits, onDrop: () => void): void {
  server.setTimeout(limits.socketTimeoutMs);
  server.maxConnections = limits.maxConnections;
  server.on('drop', onDrop);
}
