import process from 'node:process';

import {
  assertFitToStart,
  loadSettings,
  logReport,
  readEnvironment,
  refusedSetting,
  SettingsError,
} from '@redoubt/config';
import { createLogger } from '@redoubt/logging';
import { createMetrics, hardenPrototypes } from '@redoubt/server';

import { readTrustedIssuers } from '../issuers/read-trusted-issuers.ts';
import { openSecrets, type SecretsContext } from '../secrets/open-secrets.ts';
import { checkService } from '../self-check/check-service.ts';
import { createWatchedReader } from '../self-check/read-watched.ts';
import { createDependencies, startService } from '../service.ts';
import { createAlertTarget } from '../security-events/create-alert-target.ts';
import { readSignedCallers } from '../signed-callers/read-signed-callers.ts';
import { SERVICE_NAME, type Settings, serviceSettings } from '../settings.ts';
import { openSigningKeys } from '../signing-keys/follow-signing-keys.ts';
import { createTlsReader } from '../tls/read-tls-material.ts';
import { openTracing } from '../tracing/open-tracing.ts';
import { demand, openAdapters } from './open-adapters.ts';

/** Serves with real servers and secrets from where the settings say, once the self-check finds no error (SR-53). */
export async function serve(): Promise<void> {
  hardenPrototypes();
  const environment = readEnvironment();
  const settings = loadSettings(serviceSettings, environment);
  assertProduction(settings);
  outliveHangUps();
  const logger = createLogger({ service: SERVICE_NAME, level: settings.LOG_LEVEL });
  const context = { settings, environment, logger, metrics: createMetrics() };
  const opened = await openSecrets(context);
  try {
    await serveWith(context, opened);
  } catch (error) {
    // A start that fails gives back what it holds at the sources: leases, sessions.
    await opened.store.close();
    throw error;
  }
}

/** Development has weaker rules and embedded servers, and an entry point of its own. */
function assertProduction({ NODE_ENV }: Settings): void {
  if (NODE_ENV === 'production') return;
  throw new SettingsError([
    refusedSetting('RD-010', 'NODE_ENV', 'production, or nothing', 'Start dev.ts for development, by pnpm dev.'),
  ]);
}

/** From the first moment on `SIGHUP` asks for fresh secrets; before there are any, it must not end the process. */
function outliveHangUps(): void {
  process.on('SIGHUP', () => undefined);
}

async function serveWith(context: SecretsContext, opened: Awaited<ReturnType<typeof openSecrets>>): Promise<void> {
  const { settings, environment, logger, metrics } = context;
  const { secrets, failures, store, announcer } = opened;
  const trustedIssuers = await readTrustedIssuers(settings);
  const readTls = createTlsReader(settings, secrets.TLS_KEY);
  const checked = {
    settings,
    environment,
    readTls,
    now: Date.now,
    readSecret: createWatchedReader(settings, opened, store),
  };
  // Without its secrets a service has no servers to look at; each that is missing is an error of the report.
  if (failures.size > 0) assertFitToStart(await checkService(checked, {}));
  const signedCallers = await readSignedCallers(settings, opened.resolver);
  const { checkedStore, ...adapters } = openAdapters(settings, secrets, logger);
  const report = await checkService(checked, { database: adapters.database, sharedStore: checkedStore });
  assertFitToStart(report);
  logReport(report, logger);
  const keyRing = await openSigningKeys(demand(secrets.SIGNING_KEY), logger);
  const dependencies = createDependencies(settings, {
    ...adapters,
    ...createAlertTarget(settings, secrets.ALERT_WEBHOOK_KEY),
    logger,
    metrics,
    keyRing,
    trustedIssuers,
    signedCallers,
    ...(await openTracing(settings, context)),
  });
  announcer.connect(dependencies.securityEvents);
  await startService(settings, dependencies, {
    readTls,
    tlsKey: secrets.TLS_KEY,
    secretStore: store,
    hangUp: 'refreshes secrets',
  });
}
