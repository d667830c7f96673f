/**
 * The benchmark's service on `@redoubt/server`, with the options that production has: its logger, metrics, limits,
 * revocations, cache of verified tokens and idempotency store. The routes are the benchmark's, since the example service has
 * none that needs neither a database nor a mail server.
 */
import { readFile } from 'node:fs/promises';

import {
  createAccessTokenVerifier,
  createKeyRing,
  createRevocations,
  defineRoles,
  importSigningKey,
  principalFromClaims,
  refuseRevoked,
} from '@redoubt/auth';
import { createLogger, type Logger } from '@redoubt/logging';
import { fixedSecret, Secret } from '@redoubt/secrets';
import { createMetrics, createServer, DatabaseIdempotencyStore, type Server } from '@redoubt/server';
import { connectValkey, createMemoryStore, type Database, openPostgres, type SharedStore } from '@redoubt/storage';

import { UNREACHED_MAX } from '../contract/contract.ts';
import type { ServiceConfig } from '../contract/service-config.ts';
import { addOrderRoute, type OrderSchema } from './hardened-orders.ts';
import { addRoutes } from './hardened-routes.ts';

const roles = defineRoles({ user: [] });

/** As many connections as the example service's default. */
const POOL_MAX = 10;

/** Makes the service; it listens nowhere yet. */
export async function createHardened(config: ServiceConfig): Promise<Server> {
  const logger = createLogger({ service: 'bench', level: 'info' });
  const store = await openStore(config, logger);
  const key = await importSigningKey(Secret.of(await readFile(config.signingKeyFile, 'utf8')));
  const { issuer, audience } = config;
  const tokens = createAccessTokenVerifier({ keyRing: createKeyRing({ keys: [key] }), issuer, audience, roles });
  const revocations = createRevocations({ sharedStore: store });
  const database = await openDatabase(config);
  const idempotency = database && new DatabaseIdempotencyStore(database.kysely, Date.now);
  const app = await createServer({
    logger,
    metrics: createMetrics(),
    allowedOrigins: ['https://app.service.example'],
    allowedHosts: ['127.0.0.1', 'api.service.example'],
    trustedProxies: ['127.0.0.1'],
    rateLimits: { store, now: Date.now, anonymousMax: UNREACHED_MAX, signedInMax: UNREACHED_MAX },
    authenticator: (token) => {
      const claims = tokens.verify(token);
      return claims instanceof Promise
        ? claims.then((proven) => refuseRevoked(principalFromClaims(proven, roles), revocations))
        : refuseRevoked(principalFromClaims(claims, roles), revocations);
    },
    ...(idempotency === undefined ? {} : { idempotencyStore: idempotency }),
  });
  addRoutes(app, config.routes);
  if (idempotency !== undefined) addOrderRoute(app, idempotency);
  await app.ready();
  return app;
}

function openStore({ sharedStore }: ServiceConfig, logger: Logger): Promise<SharedStore> | SharedStore {
  if (sharedStore === undefined) return createMemoryStore({ now: Date.now });
  return readPassword(sharedStore.passwordFile).then((password) =>
    connectValkey({ url: sharedStore.url, password, keyPrefix: 'bench:', logger }),
  );
}

async function openDatabase({ database }: ServiceConfig): Promise<Database<OrderSchema> | undefined> {
  if (database === undefined) return undefined;
  const password = await readPassword(database.passwordFile);
  return openPostgres<OrderSchema>({ url: database.url, password, applicationName: 'bench', poolMax: POOL_MAX });
}

async function readPassword(file: string) {
  return fixedSecret(Secret.of(await readFile(file, 'utf8')));
}
