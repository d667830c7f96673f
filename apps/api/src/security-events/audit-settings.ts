import {
  azureSettings,
  choiceSetting,
  defineSettings,
  environmentSecret,
  incompleteAzureWorkload,
  plainCloudEndpoints,
  refuseInProduction,
  secretReferenceSetting,
  staticAzureCredentials,
  staticCloudKeys,
  uncheckedCertificates,
  urlSetting,
  vaultRules,
  vaultSettings,
} from '@redoubt/config';
import { Type } from '@sinclair/typebox';

import { databaseTlsSettings } from '../database-tls-settings.ts';
import { provenDatabase, soundDatabaseAddress } from '../settings-rules.ts';

/** What `main.js verify-audit` can be told: any role will do that may read the audit table. */
export const auditSettings = defineSettings({
  prefix: 'AUDIT_',
  schema: Type.Object({
    LOG_LEVEL: choiceSetting(['debug', 'info', 'warn', 'error'], {
      description: 'The least severe line that is written',
      default: 'warn',
    }),
    AUDIT_DATABASE_URL: urlSetting({
      description: 'PostgreSQL as a role that may read the audit table, without a password',
      protocols: ['postgres:', 'postgresql:'],
    }),
    AUDIT_DATABASE_PASSWORD: Type.Optional(secretReferenceSetting({ description: 'Password of that role' })),
    ...databaseTlsSettings,
    ...vaultSettings,
    ...azureSettings,
  }),
  rules: [
    soundDatabaseAddress('AUDIT_DATABASE_URL'),
    ...refuseInProduction(
      environmentSecret('AUDIT_DATABASE_PASSWORD'),
      provenDatabase('AUDIT_DATABASE_URL'),
      uncheckedCertificates,
      staticCloudKeys,
      plainCloudEndpoints,
      staticAzureCredentials('AUDIT_DATABASE_PASSWORD'),
    ),
    ...vaultRules,
    incompleteAzureWorkload,
  ],
});
