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

import { databaseTlsSettings } from './database-tls-settings.ts';
import { provenDatabase, soundDatabaseAddress } from './settings-rules.ts';

/** What `main.js migrate` can be told: it runs as the role that owns the schema, and needs nothing else. */
export const migrationSettings = defineSettings({
  prefix: 'MIGRATION_',
  schema: Type.Object({
    LOG_LEVEL: choiceSetting(['debug', 'info', 'warn', 'error'], {
      description: 'The least severe line that is written',
      default: 'info',
    }),
    MIGRATION_DATABASE_URL: urlSetting({
      description: 'PostgreSQL as the role that owns the schema, without a password',
      protocols: ['postgres:', 'postgresql:'],
    }),
    MIGRATION_DATABASE_PASSWORD: Type.Optional(secretReferenceSetting({ description: 'Password of that role' })),
    ...databaseTlsSettings,
    ...vaultSettings,
    ...azureSettings,
  }),
  rules: [
    soundDatabaseAddress('MIGRATION_DATABASE_URL'),
    ...refuseInProduction(
      environmentSecret('MIGRATION_DATABASE_PASSWORD'),
      provenDatabase('MIGRATION_DATABASE_URL'),
      uncheckedCertificates,
      staticCloudKeys,
      plainCloudEndpoints,
      staticAzureCredentials('MIGRATION_DATABASE_PASSWORD'),
    ),
    ...vaultRules,
    incompleteAzureWorkload,
  ],
});
