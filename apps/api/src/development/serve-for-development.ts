import { join, resolve } from 'node:path';
import process from 'node:process';

import { createKeyRotation, importSigningKeySchedule } from '@redoubt/auth';
import { loadSettings, readEnvironment } from '@redoubt/config';
import { createLogger, createPrettyDestination } from '@redoubt/logging';
import { createSecretResolver, createSecretSources, parseSecretReference } from '@redoubt/secrets';

import { installDocs } from '../docs/install-docs.ts';
import { readTrustedIssuers } from '../issuers/read-trusted-issuers.ts';
import { createDependencies, type RunningService, startService } from '../service.ts';
import { SERVICE_NAME, serviceSettings } from '../settings.ts';
import { createAlertTarget } from '../security-events/create-alert-target.ts';
import { readSignedCallers } from '../signed-callers/read-signed-callers.ts';
import { createTlsReader } from '../tls/read-tls-material.ts';
import { openDevelopmentAdapters } from './development-adapters.ts';
import { createFirstAdministrator } from './first-administrator.ts';
import { LocalState } from './local-state.ts';

/** The folder of the repository, whatever folder the start was made from. */
const repository = join(import.meta.dirname, '..', '..', '..', '..');

/** Serves with embedded servers and keys of its own. */
export async function serveForDevelopment(): Promise<void> {
  const environment = withPublicUrl({ ...readEnvironment(), NODE_ENV: 'development' });
  const settings = loadSettings(serviceSettings, environment);
  const trustedIssuers = await readTrustedIssuers(settings);
  const state = new LocalState(resolve(repository, settings.LOCAL_DIRECTORY));
  await state.prepare();
  const logger = createLogger({
    service: SERVICE_NAME,
    level: settings.LOG_LEVEL,
    destination: await createPrettyDestination(),
  });
  const secrets = createSecretResolver(createSecretSources({ environment, mode: settings.NODE_ENV }));
  const signedCallers = await readSignedCallers(settings, secrets);
  const signingKey = await secrets.resolve(
    settings.SIGNING_KEY ?? parseSecretReference(await state.ensureSigningKey()),
  );
  const { keyRing } = createKeyRotation({ keys: await importSigningKeySchedule(signingKey) });
  const adapters = await openDevelopmentAdapters(settings, { state, secrets, logger });
  const alerts = await createAlertTarget(settings, secrets);
  const dependencies = createDependencies(settings, {
    ...adapters,
    ...alerts,
    logger,
    keyRing,
    trustedIssuers,
    signedCallers,
  });
  // Before the first request can come: who asks for the administrator finds one.
  const administrator = await createFirstAdministrator(state, dependencies);
  const service = await startService(settings, dependencies, {
    installDocs,
    readTls: createTlsReader(settings, secrets),
  });
  greet(service, administrator, state.administratorFile);
}

/** On another port, the service is reached on that port, unless somebody says otherwise. */
function withPublicUrl(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const port = environment['PORT'] ?? '';
  return /^\d{1,5}$/.test(port) ? { PUBLIC_URL: `http://127.0.0.1:${port}`, ...environment } : environment;
}

/** The addresses each time, the password once. */
function greet(
  service: RunningService,
  { credentials, isNew }: Awaited<ReturnType<typeof createFirstAdministrator>>,
  administratorFile: string,
): void {
  const lines = [
    `API          ${service.publicAddress}`,
    `Reference    ${service.publicAddress}/docs`,
    `Management   ${service.managementAddress}/health/ready`,
  ];
  if (isNew)
    lines.push(
      `Administrator ${credentials.email} with the password ${credentials.password} (kept in ${administratorFile})`,
    );
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
}
