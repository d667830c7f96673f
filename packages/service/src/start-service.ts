import process from 'node:process';

import type { LiveSecret, SecretStore } from '@redoubt/secrets';
import {
  addManagementRoutes,
  type AllowedHosts,
  closeListener,
  CRASHES,
  createLifecycle,
  createServer,
  installProcessHandlers,
  limits,
  type Server,
  type TlsMaterial,
  watchTlsMaterial,
} from '@redoubt/server';

import { buildApp } from './build-app.ts';
import type { Service } from './define-service.ts';
import { startRetention } from './retention/retention-job.ts';
import { retentionRules } from './retention/retention-rules.ts';
import { startHeartbeat } from './security-events/heartbeat.ts';
import type { ServiceDependencies, ServiceOptions } from './service-dependencies.ts';
import { managementHostsOf } from './settings/allowed-hosts.ts';
import { serviceOptions } from './service-options.ts';
import type { ServiceSettings } from './settings/service-settings.ts';

/** What only some starts add. */
export type ServiceExtras = Pick<ServiceOptions, 'installDocs'> & {
  /** Reads what the listener's TLS needs, at the start and again and again; absent: plain HTTP. */
  readonly readTls?: (() => Promise<TlsMaterial>) | undefined;
  /** The key among what `readTls` reads: when it changes, the listener takes it at once. */
  readonly tlsKey?: LiveSecret | undefined;
  /** Keeps the secrets fresh; the end of the service closes it. */
  readonly secretStore?: SecretStore | undefined;
  /** What `SIGHUP` does. Absent: it ends the process, as a terminal that closes expects. */
  readonly hangUp?: 'refreshes secrets';
};

/** Only the management listener has less than a listener by default. */
const MANAGEMENT_ENDING = { timeoutMs: limits.MANAGEMENT_CLOSE_TIMEOUT_MS };

/** A service that answers on its two listeners. */
export interface RunningService {
  readonly publicAddress: string;
  readonly managementAddress: string;
}

/**
 * Starts the service: builds both servers, listens, and ties them to the process's signals. When it resolves, the ready
 * probe answers 200.
 */
export async function startService(
  service: Service,
  settings: ServiceSettings,
  dependencies: ServiceDependencies,
  { readTls, tlsKey, secretStore, hangUp, ...extras }: ServiceExtras = {},
): Promise<RunningService> {
  const { logger, database, sharedStore, revocations, securityEvents, detections, metrics, tracing } = dependencies;
  const tls = await readTls?.();
  const app = await buildApp(service, dependencies, {
    ...serviceOptions(service, settings),
    ...extras,
    ...(tls && { tls }),
  });
  const watch = tls && readTls && watchTlsMaterial({ read: readTls, apply: app.reloadTls, initial: tls, logger });
  if (watch !== undefined) tlsKey?.subscribe(watch.reload);
  if (secretStore !== undefined && hangUp !== undefined) refreshOnSignal(secretStore);
  const management = await createManagementServer(dependencies, managementHostsOf(settings));
  const heartbeat = startHeartbeat(dependencies);
  const retention = startRetention({
    rules: retentionRules(service, dependencies),
    intervalMs: settings.RETENTION_INTERVAL_SECONDS * 1000,
    logger,
  });
  const lifecycle = createLifecycle({
    logger,
    drainDelayMs: settings.SHUTDOWN_DELAY_MS,
    onShutdown: (reason) => {
      app.endConnections();
      raiseEnd(dependencies, reason);
    },
    closables: [
      { name: 'public listener', close: () => closeListener(app) },
      { name: 'certificate watch', close: () => Promise.resolve(watch?.close()) },
      { name: 'detections', close: () => detections.settled() },
      { name: 'security events', close: () => securityEvents.settled() },
      { name: 'alert webhook', close: async () => dependencies.alertWebhook?.close() },
      { name: 'heartbeat', close: () => Promise.resolve(heartbeat.stop()) },
      { name: 'management listener', close: () => closeListener(management, MANAGEMENT_ENDING) },
      { name: 'revocations', close: () => revocations.close() },
      ...(service.closables?.(dependencies) ?? []),
      { name: 'retention', close: () => retention.close() },
      { name: 'shared store', close: () => sharedStore.close() },
      { name: 'database', close: () => database.close() },
      // After the database: what it gives back, a lease, is what the database was signed in with.
      { name: 'secrets', close: () => secretStore?.close() ?? Promise.resolve() },
      // Last: a collector that hangs takes nobody else's time.
      { name: 'traces', close: () => tracing?.close() ?? Promise.resolve() },
    ],
  });
  addManagementRoutes(management, { lifecycle, metrics, checks: healthChecks(dependencies) });
  installProcessHandlers(lifecycle, logger);
  const managementAddress = await management.listen({ host: settings.MANAGEMENT_HOST, port: settings.MANAGEMENT_PORT });
  const publicAddress = await app.listen({ host: settings.HOST, port: settings.PORT });
  lifecycle.markReady();
  // None in a bundle: whoever sees some here has a schema that the build did not meet (build/collect-schemas.ts).
  logger.debug({ schemas: app.compiledSchemas.length + management.compiledSchemas.length }, 'schemas compiled');
  securityEvents.raise('sys_startup', {});
  return { publicAddress, managementAddress };
}

/** For a person who has changed a secret and does not want to wait for it: `kill -HUP`. */
function refreshOnSignal(secretStore: SecretStore): void {
  process.on('SIGHUP', () => {
    void secretStore.refresh();
  });
}

function raiseEnd({ securityEvents }: ServiceDependencies, reason: string): void {
  const details = { reason };
  if (CRASHES.some((crash) => crash === reason)) securityEvents.raise('sys_crash', { details });
  else securityEvents.raise('sys_shutdown', { details });
}

/** Makes the listener for whoever runs the service; its routes are added once there is a lifecycle to tell of. */
export function createManagementServer(
  { logger, metrics }: ServiceDependencies,
  allowedHosts: AllowedHosts,
): Promise<Server> {
  // Only the inside of the network reaches it: probes must answer on a bad day most of all.
  const inside = { rateLimits: 'none', overload: 'never' } as const;
  return createServer({ logger, metrics, allowedOrigins: [], allowedHosts, trustedProxies: [], ...inside });
}

function healthChecks({ database, sharedStore }: ServiceDependencies) {
  return [
    { name: 'database', check: () => database.ping() },
    { name: 'shared store', check: () => sharedStore.ping() },
  ];
}
