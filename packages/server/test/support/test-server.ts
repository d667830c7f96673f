import type { UserPrincipal } from '@redoubt/auth';
import { createLogger } from '@redoubt/logging';
import { createMemoryStore } from '@redoubt/storage';
import { createLogCapture, type LogCapture } from '@redoubt/testing';

import { createMetrics, createServer, type Server, type ServerOptions } from '../../src/index.ts';

/** A server as production builds it, with callers that are named by their tokens. */
export interface TestServer {
  readonly app: Server;
  readonly log: LogCapture;
}

/** Callers that the test server knows, by the text of their token. */
export const principals: Readonly<Record<string, UserPrincipal>> = {
  'token-of-ada': principal('018f0000-0000-7000-8000-00000000000a', ['things:read']),
  'token-of-bob': principal('018f0000-0000-7000-8000-00000000000b', []),
};

function principal(userId: string, permissions: readonly string[]): UserPrincipal {
  return { kind: 'user', userId, role: 'user', permissions: new Set(permissions), authenticatedAt: 0, tokenId: userId };
}

/** Builds a server for a test; what `overrides` does not say is as in production. */
export async function createTestServer(overrides: Partial<ServerOptions> = {}): Promise<TestServer> {
  const log = createLogCapture();
  const app = await createServer({
    logger: createLogger({ service: 'test', level: 'debug', destination: log.destination }),
    metrics: createMetrics(),
    allowedOrigins: ['https://app.example'],
    allowedHosts: ['localhost', '127.0.0.1', 'a'],
    trustedProxies: [],
    // A machine that is busy with other tests as well is no overload of this server.
    overload: { sampleIntervalMs: 60_000 },
    // Raised: most tests ask more often than an honest client, all from one address.
    rateLimits: { store: createMemoryStore({ now: Date.now }), now: Date.now, anonymousMax: 1_000_000 },
    authenticator: (token) => {
      const caller = principals[token];
      if (caller === undefined) throw new Error('not a token');
      return caller;
    },
    ...overrides,
  });
  return { app, log };
}
