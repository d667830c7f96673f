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

import { createDependencies } from '../create-dependencies.ts';
import type { Service } from '../define-service.ts';
import { readTrustedIssuers } from '../issuers/read-trusted-issuers.ts';
import { openServers } from '../open-servers.ts';
import { type OpenSecrets, openSecrets, type SecretsContext } from '../secrets/open-secrets.ts';
import { checkService } from '../self-check/check-service.ts';
import { createWatchedReader } from '../self-check/read-watched.ts';
import { createAlertTarget } from '../security-events/create-alert-target.ts';
import { readSignedCallers } from '../signed-callers/read-signed-callers.ts';
import type { ServiceSettings } from '../settings/service-settings.ts';
import { startService } from '../start-service.ts';
import { createTlsReader } from '../tls/read-tls-material.ts';
import { openTracing } from '../tracing/open-tracing.ts';

/** Serves with real servers and secrets from where the settings say, once the self-check finds no error (SR-53). */
export async function serve(service: Service): Promise<void> {
  hardenPrototypes();
  const environment = readEnvironment();
  const settings = loadSettings(service.settings, environment);
  assertProduction(settings);
  outliveHangUps();
  const logger = createLogger({ service: service.name, level: settings.LOG_LEVEL });
  const secretDeclarations = service.secrets;
  const context = { settings, secretDeclarations, environment, logger, metrics: createMetrics() };
  const opened = await openSecrets(context);
  try {
    await serveWith(service, context, opened);
  } catch (error) {
    // A start that fails gives back what it holds at the sources: leases, sessions.
    await opened.store.close();
    throw error;
  }
}

/** Development has weaker rules and embedded servers, and an entry point of its own. */
function assertProduction({ NODE_ENV }: ServiceSettings): void {
  if (NODE_ENV === 'production') return;
  throw new SettingsError([
    refusedSetting('RD-010', 'NODE_ENV', 'production, or nothing', 'Start dev.ts for development, by pnpm dev.'),
  ]);
}

/** From the first moment on `SIGHUP` asks for fresh secrets; before there are any, it must not end the process. */
function outliveHangUps(): void {
  process.on('SIGHUP', () => undefined);
}

async function serveWith(service: Service, context: SecretsContext, opened: OpenSecrets): Promise<void> {
  const { settings, environment, logger, metrics } = context;
  const { secrets, failures, store, announcer } = opened;
  const trustedIssuers = await readTrustedIssuers(settings, service.roles);
  const readTls = createTlsReader(settings, secrets.TLS_KEY);
  const { migrations } = service.database;
  const checked = {
    service,
    settings,
    environment,
    readTls,
    now: Date.now,
    readSecret: createWatchedReader(settings, Object.keys(service.secrets), opened, store),
  };
  // Without its secrets a service has no servers to look at; each that is missing is an error of the report.
  if (failures.size > 0) assertFitToStart(await checkService(checked, { migrations }));
  const signedCallers = await readSignedCallers(settings, opened.resolver);
  const { checkedStore, ...servers } = openServers(service.name, settings, secrets, logger);
  const report = await checkService(checked, { migrations, database: servers.database, sharedStore: checkedStore });
  assertFitToStart(report);
  logReport(report, logger);
  const own = await service.open?.({ settings, secrets, logger, metrics });
  const dependencies = createDependencies(service, settings, {
    ...servers,
    ...own,
    ...createAlertTarget(settings, secrets.ALERT_WEBHOOK_KEY),
    logger,
    metrics,
    trustedIssuers,
    signedCallers,
    ...(await openTracing(service.name, settings, context)),
  });
  announcer.connect(dependencies.securityEvents);
  await startService(service, settings, dependencies, {
    readTls,
    tlsKey: secrets.TLS_KEY,
    secretStore: store,
    hangUp: 'refreshes secrets',
  });
}
