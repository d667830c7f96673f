import { mkdir } from 'node:fs/promises';
import process from 'node:process';

import { createLogger, createPrettyDestination } from '@redoubt/logging';
import { createMetrics, hardenPrototypes } from '@redoubt/server';

import { createDependencies } from '../create-dependencies.ts';
import type { Service } from '../define-service.ts';
import { installDocs } from '../docs/install-docs.ts';
import { readTrustedIssuers } from '../issuers/read-trusted-issuers.ts';
import { openSecrets } from '../secrets/open-secrets.ts';
import { createAlertTarget } from '../security-events/create-alert-target.ts';
import type { ServiceDependencies } from '../service-dependencies.ts';
import type { ServiceSettings } from '../settings/service-settings.ts';
import { readSignedCallers } from '../signed-callers/read-signed-callers.ts';
import { type RunningService, startService } from '../start-service.ts';
import { createTlsReader } from '../tls/read-tls-material.ts';
import { openTracing } from '../tracing/open-tracing.ts';
import { openDevelopmentServers } from './development-adapters.ts';
import { readDevelopmentSettings } from './development-settings.ts';

/** Only the developer may read what a development start makes. */
const PRIVATE_DIRECTORY_MODE = 0o700;

/** What only some services do at a development start. */
export interface DevelopmentHooks {
  /** Settings with what the start makes for itself, in its folder: a key, for instance. */
  complete?(settings: ServiceSettings, directory: string): Promise<ServiceSettings>;
  /** Before the first request can come; what it answers is told beside the addresses. */
  prepare?(dependencies: ServiceDependencies, directory: string): Promise<readonly string[]>;
}

/** Serves with embedded servers and keys of its own. */
export async function serveForDevelopment(
  service: Service,
  { complete, prepare }: DevelopmentHooks = {},
): Promise<void> {
  hardenPrototypes();
  const { environment, settings: given, directory } = readDevelopmentSettings(service);
  const trustedIssuers = await readTrustedIssuers(given, service.roles);
  await mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
  const destination = await createPrettyDestination();
  const logger = createLogger({ service: service.name, level: given.LOG_LEVEL, destination });
  const metrics = createMetrics();
  const settings = (await complete?.(given, directory)) ?? given;
  const secretDeclarations = service.secrets;
  const opened = await openSecrets({ settings, secretDeclarations, environment, logger, metrics });
  const { secrets, store: secretStore, announcer } = opened;
  for (const failure of opened.failures.values()) throw failure;
  const signedCallers = await readSignedCallers(settings, opened.resolver);
  const servers = await openDevelopmentServers(service, settings, { directory, secrets, logger });
  const own = await service.open?.({ settings, secrets, logger, metrics, developmentDirectory: directory });
  const dependencies = createDependencies(service, settings, {
    ...servers,
    ...own,
    ...createAlertTarget(settings, secrets.ALERT_WEBHOOK_KEY),
    logger,
    metrics,
    trustedIssuers,
    signedCallers,
    ...(await openTracing(service.name, settings, { logger, metrics })),
  });
  announcer.connect(dependencies.securityEvents);
  const lines = await prepare?.(dependencies, directory);
  const readTls = createTlsReader(settings, secrets.TLS_KEY);
  const running = await startService(service, settings, dependencies, {
    installDocs: (app) => installDocs(app, service),
    readTls,
    tlsKey: secrets.TLS_KEY,
    secretStore,
  });
  greet(running, lines);
}

/** The addresses, and what the service adds. */
function greet({ publicAddress, managementAddress }: RunningService, added: readonly string[] = []): void {
  const lines = [
    `API          ${publicAddress}`,
    `Reference    ${publicAddress}/docs`,
    `Management   ${managementAddress}/health/ready`,
    ...added,
  ];
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
}
