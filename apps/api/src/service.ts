import process from 'node:process';

import {
  ACCESS_TOKEN_TTL_SECONDS,
  createAccessTokenIssuer,
  createPasswordHasher,
  createRevocations,
  createSignatureVerifier,
  createSignedCallerKeys,
  createSignInThrottle,
  EXTERNAL_TOKEN_TTL_SECONDS,
  Sessions,
  type SignatureVerifierOptions,
  type SignedCaller,
} from '@redoubt/auth';
import { createUuidV7 } from '@redoubt/logging';
import type { LiveSecret, SecretStore } from '@redoubt/secrets';
import {
  addManagementRoutes,
  type AllowedHosts,
  closeListener,
  CRASHES,
  createLifecycle,
  createServer,
  DatabaseIdempotencyStore,
  installProcessHandlers,
  limits,
  type Server,
  type TlsMaterial,
  watchTlsMaterial,
} from '@redoubt/server';

import { roles } from './access.ts';
import { managementHostsOf, publicHostsOf } from './allowed-hosts.ts';
import type { AppDependencies, AppOptions } from './app-dependencies.ts';
import { buildApp } from './build-app.ts';
import { createTokenVerifier, type IssuerTrust } from './issuers/create-token-verifier.ts';
import { Outbox } from './mail/outbox.ts';
import { startRetention } from './retention/retention-job.ts';
import { retentionRules } from './retention/retention-rules.ts';
import { createWatch, type WatchAdapters } from './security-events/create-watch.ts';
import { startHeartbeat } from './security-events/heartbeat.ts';
import type { Settings } from './settings.ts';
import { lockSessionAccount } from './users/user-store.ts';

/** What differs between production and a development start. */
export type ServiceAdapters = Pick<
  AppDependencies,
  'logger' | 'metrics' | 'database' | 'sharedStore' | 'keyRing' | 'mailer'
> &
  WatchAdapters &
  Partial<Pick<AppDependencies, 'now' | 'passwordHasher' | 'readCertificate' | 'tracing'> & IssuerTrust> & {
    /** Services that sign their requests (SR-42). Default: none. */
    readonly signedCallers?: readonly SignedCaller[];
  };

/** What only some starts add. */
export type ServiceExtras = Pick<AppOptions, 'installDocs'> & {
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

/** Makes what a service leans on from its adapters and settings. */
export function createDependencies(settings: Settings, adapters: ServiceAdapters): AppDependencies {
  const { logger, metrics, database, sharedStore, keyRing, now = Date.now } = adapters;
  const tokens = { keyRing, issuer: settings.PUBLIC_URL, audience: settings.TOKEN_AUDIENCE, now };
  const tokenTtlSeconds = longestTokenLife(adapters.trustedIssuers);
  const revocations = createRevocations({ sharedStore, tokenTtlSeconds });
  return {
    passwordHasher: createPasswordHasher(),
    signInThrottle: createSignInThrottle({
      store: sharedStore,
      now,
      maxAddressFailures: settings.SIGN_IN_ADDRESS_FAILURES_MAX,
    }),
    outbox: new Outbox(logger, metrics.countLostMail),
    ...adapters,
    now,
    idempotency: new DatabaseIdempotencyStore(database.kysely, now),
    createId: createUuidV7,
    accessTokens: createAccessTokenIssuer({ ...tokens, createId: createUuidV7 }),
    verifyAccessToken: createTokenVerifier({ ...tokens, roles }, adapters),
    revocations,
    ...signaturesOf(adapters.signedCallers, { store: sharedStore, now }),
    sessions: new Sessions({
      database: database.kysely,
      revocations,
      lockAccount: lockSessionAccount,
      now,
      createId: createUuidV7,
    }),
    ...createWatch({ ...adapters, metrics, now }),
  };
}

/** Without callers that sign, nobody looks at a signature. */
function signaturesOf(
  callers: readonly SignedCaller[] = [],
  rest: Pick<SignatureVerifierOptions, 'store' | 'now'>,
): Pick<AppDependencies, 'signatures'> {
  return callers.length === 0
    ? {}
    : { signatures: createSignatureVerifier({ keys: createSignedCallerKeys(callers), ...rest }) };
}

/** A revocation stands as long as any token can live that it refuses, whoever issued it (SR-7). */
function longestTokenLife(issuers: IssuerTrust['trustedIssuers'] = []): number {
  const lives = issuers.map(({ maxLifetimeSeconds }) => maxLifetimeSeconds ?? EXTERNAL_TOKEN_TTL_SECONDS);
  return Math.max(ACCESS_TOKEN_TTL_SECONDS, ...lives);
}

/**
 * Starts the service: builds both servers, listens, and ties them to the process's signals. When it resolves, the ready
 * probe answers 200.
 */
export async function startService(
  settings: Settings,
  dependencies: AppDependencies,
  { readTls, tlsKey, secretStore, hangUp, ...extras }: ServiceExtras = {},
): Promise<RunningService> {
  const { logger, database, sharedStore, revocations, securityEvents, detections, metrics, outbox, mailer, tracing } =
    dependencies;
  const tls = await readTls?.();
  const app = await buildApp(dependencies, { ...appOptions(settings), ...extras, ...(tls && { tls }) });
  const watch = tls && readTls && watchTlsMaterial({ read: readTls, apply: app.reloadTls, initial: tls, logger });
  if (watch !== undefined) tlsKey?.subscribe(watch.reload);
  if (secretStore !== undefined && hangUp !== undefined) refreshOnSignal(secretStore);
  const management = await createManagementServer(dependencies, managementHostsOf(settings));
  const heartbeat = startHeartbeat(dependencies);
  const retention = startRetention({
    rules: retentionRules(dependencies),
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
      { name: 'mails', close: () => outbox.settled() },
      { name: 'mail server', close: () => mailer.close() },
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
  // None in a bundle: whoever sees some here has a schema that the build did not meet (src/build/collect-schemas.ts).
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

function raiseEnd({ securityEvents }: AppDependencies, reason: string): void {
  const details = { reason };
  if (CRASHES.some((crash) => crash === reason)) securityEvents.raise('sys_crash', { details });
  else securityEvents.raise('sys_shutdown', { details });
}

/** What the settings decide about the service. */
export function appOptions(settings: Settings): AppOptions {
  return {
    publicUrl: settings.PUBLIC_URL,
    allowedOrigins: settings.ALLOWED_ORIGINS,
    allowedHosts: publicHostsOf(settings),
    trustedProxies: settings.TRUSTED_PROXIES,
    rateLimits: {
      anonymousMax: settings.RATE_LIMIT_ANONYMOUS_MAX,
      signedInMax: settings.RATE_LIMIT_SIGNED_IN_MAX,
      signInMax: settings.RATE_LIMIT_SIGN_IN_MAX,
      refreshMax: settings.RATE_LIMIT_REFRESH_MAX,
    },
    securityContact: settings.SECURITY_CONTACT,
    localPasswords: settings.LOCAL_PASSWORDS,
    ...peersOf(settings),
    registration: settings.NODE_ENV === 'development' ? 'immediate' : 'confirmed',
  };
}

/** The settings' own rules demand a list of peers wherever TLS is configured. */
function peersOf({ ALLOWED_SERVICES: services, ALLOWED_EDGES: edges }: Settings): Pick<AppOptions, 'peers'> {
  return services.length + edges.length === 0 ? {} : { peers: { services, edges } };
}

/** Makes the listener for whoever runs the service; its routes are added once there is a lifecycle to tell of. */
export function createManagementServer(
  { logger, metrics }: AppDependencies,
  allowedHosts: AllowedHosts,
): Promise<Server> {
  // Only the inside of the network reaches it: probes must answer on a bad day most of all.
  const inside = { rateLimits: 'none', overload: 'never' } as const;
  return createServer({ logger, metrics, allowedOrigins: [], allowedHosts, trustedProxies: [], ...inside });
}

function healthChecks({ database, sharedStore }: AppDependencies) {
  return [
    { name: 'database', check: () => database.ping() },
    { name: 'shared store', check: () => sharedStore.ping() },
  ];
}
