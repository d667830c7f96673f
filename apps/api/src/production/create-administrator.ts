import process from 'node:process';

import { MIN_PASSWORD_CODE_POINTS } from '@redoubt/auth';
import { loadSettings, readEnvironment, refusedSetting, SettingsError } from '@redoubt/config';
import { closeLogger, createBufferedDestination, createLogger, createUuidV7 } from '@redoubt/logging';
import { createMetrics } from '@redoubt/server';
import {
  createAlertTarget,
  createWatch,
  openSecrets,
  openServers,
  type OpenSecrets,
  type SecretsContext,
} from '@redoubt/service';

import { database, type DatabaseSchema } from '../database-schema.ts';
import { api } from '../service.ts';
import { type Settings, serviceSettings } from '../settings.ts';
import { parseEmailAddress } from '../users/email-address.ts';
import { type Invitation, inviteAdministrator } from '../users/invite-administrator.ts';

/** File descriptor of stderr. The log goes there: stdout shows a token, and a log must not (SR-43). */
const STDERR = 2;

/**
 * Makes the first administrator, with the settings of the service, and ends: there is no default user. Prints once, on
 * stdout, the token with which the administrator chooses a password. What is wrong with the account ends it with 1.
 *
 * @throws {UsageError} for an argument that is no e-mail address.
 */
export async function createAdministrator(argument = ''): Promise<void> {
  const email = parseEmailAddress(argument);
  const environment = readEnvironment();
  const settings = loadSettings(serviceSettings, environment);
  assertLocalPasswords(settings);
  const destination = createBufferedDestination({ fileDescriptor: STDERR });
  const logger = createLogger({ service: database.service, level: settings.LOG_LEVEL, destination });
  const { secrets: secretDeclarations } = api.service;
  const context = { settings, secretDeclarations, environment, logger, metrics: createMetrics() };
  const opened = await openSecrets(context);
  try {
    report(await inviteWith(context, opened, email), settings.PUBLIC_URL);
  } finally {
    await opened.store.close();
    await closeLogger(logger);
  }
}

/** Where accounts sign in elsewhere, an administrator is whom the issuer says, and nobody chooses a password here. */
function assertLocalPasswords({ LOCAL_PASSWORDS }: Settings): void {
  if (LOCAL_PASSWORDS === 'on') return;
  const fix = 'Let the trusted issuer say who is an administrator: accounts have no passwords here.';
  throw new SettingsError([refusedSetting('RD-019', 'LOCAL_PASSWORDS', 'on', fix)]);
}

/** With the detections and the webhook of the service: a new administrator is an alert, whoever made it (SR-46). */
async function inviteWith(
  { settings, logger, metrics }: SecretsContext,
  { secrets, failures }: OpenSecrets,
  email: Parameters<typeof inviteAdministrator>[1],
): Promise<Invitation> {
  for (const failure of failures.values()) throw failure;
  const { database, sharedStore } = openServers<DatabaseSchema>(api.service.name, settings, secrets, logger);
  const target = createAlertTarget(settings, secrets.ALERT_WEBHOOK_KEY);
  const watch = createWatch({ database, sharedStore, logger, metrics, now: Date.now, ...target });
  try {
    return await inviteAdministrator({ database, now: Date.now, createId: createUuidV7, ...watch }, email);
  } finally {
    await watch.detections.settled();
    await watch.securityEvents.settled();
    await watch.alertWebhook?.close();
    await sharedStore.close();
    await database.close();
  }
}

function report(invitation: Invitation, publicUrl: string): void {
  if (invitation.kind === 'refused') {
    process.stderr.write(`${invitation.explanation}\n`);
    process.exitCode = 1;
    return;
  }
  const made = invitation.account === 'made' ? 'The administrator is made.' : 'The administrator was made before.';
  // By its standard input: arguments are seen by every process of a machine, and kept by the shell.
  process.stdout.write(`${made} Within 15 minutes, and once, this chooses the password:

  curl --fail-with-body --json @- ${publicUrl}/api/auth/password/reset

It reads one line, with a password of at least ${MIN_PASSWORD_CODE_POINTS} characters in place of the dots, and then Ctrl+D:

  {"token":"${invitation.token}","newPassword":"…"}

An answer of 204 says that it is done. With an authority of your own, add --cacert and its file.
`);
}
