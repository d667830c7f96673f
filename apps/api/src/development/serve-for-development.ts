import { createLogger, createPrettyDestination } from '@redoubt/logging';
import { createMetrics, hardenPrototypes } from '@redoubt/server';

import { installDocs } from '../docs/install-docs.ts';
import { readTrustedIssuers } from '../issuers/read-trusted-issuers.ts';
import { openSecrets } from '../secrets/open-secrets.ts';
import { createDependencies, type RunningService, startService } from '../service.ts';
import { createAlertTarget } from '../security-events/create-alert-target.ts';
import { SERVICE_NAME } from '../settings.ts';
import { readSignedCallers } from '../signed-callers/read-signed-callers.ts';
import { openSigningKeys } from '../signing-keys/follow-signing-keys.ts';
import { createTlsReader } from '../tls/read-tls-material.ts';
import { openTracing } from '../tracing/open-tracing.ts';
import { openDevelopmentAdapters } from './development-adapters.ts';
import { readDevelopmentSettings } from './development-settings.ts';
import { announceReady } from './supervisor/supervised.ts';
import { createFirstAdministrator } from './first-administrator.ts';

/** Serves with embedded servers and keys of its own. */
export async function serveForDevelopment(): Promise<void> {
  hardenPrototypes();
  const { environment, settings, state } = readDevelopmentSettings();
  const trustedIssuers = await readTrustedIssuers(settings);
  await state.prepare();
  const destination = await createPrettyDestination();
  const logger = createLogger({ service: SERVICE_NAME, level: settings.LOG_LEVEL, destination });
  const metrics = createMetrics();
  const SIGNING_KEY = settings.SIGNING_KEY ?? (await state.ensureSigningKey());
  const opened = await openSecrets({ settings: { ...settings, SIGNING_KEY }, environment, logger, metrics });
  const { secrets, store: secretStore, announcer } = opened;
  for (const failure of opened.failures.values()) throw failure;
  if (secrets.SIGNING_KEY === undefined) throw new TypeError('a secret that was read is watched');
  const keyRing = await openSigningKeys(secrets.SIGNING_KEY, logger);
  const signedCallers = await readSignedCallers(settings, opened.resolver);
  const adapters = await openDevelopmentAdapters(settings, { state, secrets, logger });
  const dependencies = createDependencies(settings, {
    ...adapters,
    ...createAlertTarget(settings, secrets.ALERT_WEBHOOK_KEY),
    logger,
    metrics,
    keyRing,
    trustedIssuers,
    signedCallers,
    ...(await openTracing(settings, { logger, metrics })),
  });
  announcer.connect(dependencies.securityEvents);
  // Before the first request can come: who asks for the administrator finds one.
  const administrator = await createFirstAdministrator(state, dependencies);
  const readTls = createTlsReader(settings, secrets.TLS_KEY);
  const service = await startService(settings, dependencies, {
    installDocs,
    readTls,
    tlsKey: secrets.TLS_KEY,
    secretStore,
  });
  greet(service, administrator, state.administratorFile);
}

/** The addresses each time, the password once. */
function greet(
  service: RunningService,
  { credentials, isNew }: Awaited<ReturnType<typeof createFirstAdministrator>>,
  administratorFile: string,
): void {
  const greeting: [string, string][] = [
    ['API', service.publicAddress],
    ['Reference', `${service.publicAddress}/docs`],
    ['Management', `${service.managementAddress}/health/ready`],
  ];
  if (isNew)
    greeting.push([
      'Administrator',
      `${credentials.email} with the password ${credentials.password} (kept in ${administratorFile})`,
    ]);
  announceReady({ ready: { greeting } });
}
