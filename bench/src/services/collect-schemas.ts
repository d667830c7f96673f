import { createLogger } from '@redoubt/logging';
import { createMetrics, createServer } from '@redoubt/server';
import type { UsedSchema } from '@redoubt/server/build';
import { createMemoryStore } from '@redoubt/storage';

import { addOrderRoute } from './hardened-orders.ts';
import { addRoutes } from './hardened-routes.ts';

/** Builds the service once for the schemas that its bundle prepares, as the example service does. */
export async function collectSchemas(): Promise<readonly UsedSchema[]> {
  const app = await createServer({
    logger: createLogger({ service: 'bench', level: 'error' }),
    metrics: createMetrics(),
    allowedOrigins: [],
    allowedHosts: ['127.0.0.1'],
    trustedProxies: [],
    rateLimits: { store: createMemoryStore({ now: Date.now }), now: Date.now },
    authenticator: () => Promise.reject(new TypeError('nobody calls a build')),
    idempotencyStore: { run: () => Promise.reject(new TypeError('nobody calls a build')) },
  });
  addRoutes(app, 1);
  addOrderRoute(app, noTransactions);
  await app.ready();
  try {
    return app.compiledSchemas;
  } finally {
    await app.close();
  }
}

const noTransactions = {
  transactionOf: () => {
    throw new TypeError('nobody calls a build');
  },
};
