import {
  assertFitToStart,
  createSecretReader,
  type LoadedSettings,
  loadSettings,
  readEnvironment,
  runSelfCheck,
  secretChecks,
  type SecretReader,
  type SecretUse,
} from '@redoubt/config';
import { closeLogger, createLogger, type Logger } from '@redoubt/logging';
import { fixedSecret, type Secret, type SecretReference } from '@redoubt/secrets';
import { createRoles, openPostgres, type RoleMembers } from '@redoubt/storage';

import type { ServiceDatabase } from '../database/service-database.ts';
import { preparationSettings } from '../settings/preparation-settings.ts';
import { createServiceSources } from '../secrets/open-secrets.ts';
import { loadSamples } from '../self-check/sample-list.ts';
import { databaseTrust } from '../tls/server-trust.ts';

type PreparationSettings = LoadedSettings<typeof preparationSettings>;

/**
 * Makes the roles of a database as a superuser, gives them their passwords, and ends (SR-49). Running it again changes
 * passwords, repairs what the roles are and revokes memberships that no setting names; tables and rows stay as they are.
 *
 * @throws {SelfCheckError} before anything is changed, for passwords that are weak, samples, or the same for two roles.
 */
export async function prepareDatabase({ service }: ServiceDatabase): Promise<void> {
  const environment = readEnvironment();
  const settings = loadSettings(preparationSettings, environment);
  const logger = createLogger({ service, level: settings.LOG_LEVEL });
  const sources = createServiceSources(settings, environment);
  try {
    const read = createSecretReader(sources);
    await assertSoundPasswords(settings, read);
    await prepareWith(service, settings, read, logger);
    logger.info('the roles of the database are as they should be');
  } finally {
    await sources.close();
    await closeLogger(logger);
  }
}

/** The last moment that anybody looks at the migrator's password: the service never has it. */
async function assertSoundPasswords(settings: PreparationSettings, read: SecretReader): Promise<void> {
  const use = (
    setting: keyof PreparationSettings & `PREPARE_${string}_PASSWORD`,
    kind: 'password' | 'foreign password',
  ) => ({ setting, reference: settings[setting], kind }) satisfies SecretUse;
  const uses = [
    // The superuser's is somebody else's to choose; only that no other role has it matters here.
    use('PREPARE_DATABASE_PASSWORD', 'foreign password'),
    use('PREPARE_MIGRATOR_PASSWORD', 'password'),
    use('PREPARE_RUNTIME_PASSWORD', 'password'),
    use('PREPARE_READER_PASSWORD', 'password'),
    use('PREPARE_BACKUP_PASSWORD', 'password'),
  ];
  const checks = secretChecks(uses, { read, loadSampleValues: loadSamples, now: Date.now });
  assertFitToStart(await runSelfCheck({ checks, mode: settings.NODE_ENV, now: Date.now }));
}

async function prepareWith(
  service: string,
  settings: PreparationSettings,
  read: SecretReader,
  logger: Logger,
): Promise<void> {
  const superuserPassword = await readPassword(settings.PREPARE_DATABASE_PASSWORD, read);
  const passwords = {
    migratorPassword: await readPassword(settings.PREPARE_MIGRATOR_PASSWORD, read),
    runtimePassword: await readPassword(settings.PREPARE_RUNTIME_PASSWORD, read),
    readerPassword: await readPassword(settings.PREPARE_READER_PASSWORD, read),
    backupPassword: await readPassword(settings.PREPARE_BACKUP_PASSWORD, read),
  };
  const database = openPostgres<unknown>({
    url: settings.PREPARE_DATABASE_URL,
    ...(superuserPassword === undefined ? {} : { password: fixedSecret(superuserPassword) }),
    ...databaseTrust(settings),
    applicationName: `${service}-preparation`,
    poolMax: 1,
    logger,
  });
  try {
    const revoked = await createRoles({ database, ...passwords, members: membersOf(settings) });
    // Somebody granted them: whoever reads the log may want to know who, and why.
    if (revoked.length > 0) logger.warn({ revoked }, 'roles of the database had memberships that no setting names');
  } finally {
    await database.close();
  }
}

function membersOf(settings: PreparationSettings): RoleMembers {
  return {
    migrator: settings.PREPARE_MIGRATOR_MEMBERS,
    runtime: settings.PREPARE_RUNTIME_MEMBERS,
    reader: settings.PREPARE_READER_MEMBERS,
    backup: settings.PREPARE_BACKUP_MEMBERS,
  };
}

/** From the reader that the checks used: what was judged is what is set. */
async function readPassword(reference: SecretReference | undefined, read: SecretReader): Promise<Secret | undefined> {
  if (reference === undefined) return undefined;
  const outcome = await read(reference);
  if ('error' in outcome) throw outcome.error;
  return outcome.material;
}
