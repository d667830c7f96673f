import process from 'node:process';

import { loadSettings, readEnvironment } from '@redoubt/config';
import { closeLogger, createLogger } from '@redoubt/logging';
import { createSecretResolver, fixedSecret } from '@redoubt/secrets';
import { openPostgres } from '@redoubt/storage';

import type { ServiceDatabase, ServiceSchema } from '../database/service-database.ts';
import { createServiceSources } from '../secrets/open-secrets.ts';
import { type AuditHead, CHAIN_START, formatAuditHead, parseAuditHead } from '../security-events/audit-chain.ts';
import { auditSettings } from '../settings/audit-settings.ts';
import { type AuditVerdict, verifyAuditChain } from '../security-events/verify-audit-chain.ts';
import { databaseTrust } from '../tls/server-trust.ts';
import { UsageError } from './usage-error.ts';

/**
 * Checks the audit table and ends: prints where the chain stands, or the first row that breaks it, and then the process
 * exits with 1. `expectedHead` is a head that an earlier run printed or the log holds, `sequence:hash`.
 *
 * @throws {UsageError} for a head that is none.
 */
export async function verifyAudit({ service }: ServiceDatabase, expectedHead?: string): Promise<void> {
  const expected = expectedHead === undefined ? CHAIN_START : readHead(expectedHead);
  const environment = readEnvironment();
  const settings = loadSettings(auditSettings, environment);
  const logger = createLogger({ service, level: settings.LOG_LEVEL });
  const sources = createServiceSources(settings, environment);
  const secrets = createSecretResolver(sources);
  const reference = settings.AUDIT_DATABASE_PASSWORD;
  const database = openPostgres<ServiceSchema>({
    url: settings.AUDIT_DATABASE_URL,
    ...(reference === undefined ? {} : { password: fixedSecret(await secrets.resolve(reference)) }),
    ...databaseTrust(settings),
    applicationName: `${service}-audit`,
    poolMax: 1,
    logger,
  });
  try {
    report(await verifyAuditChain(database.kysely, expected));
  } finally {
    await database.close();
    await sources.close();
    await closeLogger(logger);
  }
}

function readHead(text: string): AuditHead {
  const head = parseAuditHead(text);
  if (head === undefined) throw new UsageError('the expected head is sequence:hash, as this command prints it');
  return head;
}

function report(verdict: AuditVerdict): void {
  if (verdict.kind === 'whole') {
    process.stdout.write(`The audit trail is whole, up to ${formatAuditHead(verdict.head)}\n`);
    return;
  }
  const { sequence, fault, id } = verdict.at;
  process.stdout.write(`The audit trail breaks at row ${sequence}${id === undefined ? '' : ` (${id})`}: ${fault}\n`);
  process.exitCode = 1;
}
