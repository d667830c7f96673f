import { choiceSetting, defineSettings, secretReferenceSetting, urlSetting } from '@redoubt/config';
import { Type } from '@sinclair/typebox';

import { databaseCommandRules, databaseCommandSettings } from './database-command.ts';

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
    ...databaseCommandSettings,
  }),
  rules: databaseCommandRules('MIGRATION_DATABASE_URL', 'MIGRATION_DATABASE_PASSWORD'),
});
