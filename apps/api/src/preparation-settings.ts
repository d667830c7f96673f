import { choiceSetting, defineSettings, secretReferenceSetting, urlSetting } from '@redoubt/config';
import { Type } from '@sinclair/typebox';

import { databaseCommandRules, databaseCommandSettings } from './database-command.ts';

/** What `main.js prepare-database` can be told: who makes the roles of a database, and with which passwords (SR-49). */
export const preparationSettings = defineSettings({
  prefix: 'PREPARE_',
  schema: Type.Object({
    LOG_LEVEL: choiceSetting(['debug', 'info', 'warn', 'error'], {
      description: 'The least severe line that is written',
      default: 'info',
    }),
    PREPARE_DATABASE_URL: urlSetting({
      description: 'PostgreSQL as a superuser, without a password; the database that it names must be there',
      protocols: ['postgres:', 'postgresql:'],
    }),
    PREPARE_DATABASE_PASSWORD: Type.Optional(secretReferenceSetting({ description: 'Password of the superuser' })),
    PREPARE_MIGRATOR_PASSWORD: secretReferenceSetting({ description: 'What app_migrator will sign in with' }),
    PREPARE_RUNTIME_PASSWORD: secretReferenceSetting({ description: 'What app_runtime will sign in with' }),
    PREPARE_READER_PASSWORD: Type.Optional(
      secretReferenceSetting({ description: 'What app_reader will sign in with; absent: it does not sign in' }),
    ),
    PREPARE_BACKUP_PASSWORD: Type.Optional(
      secretReferenceSetting({ description: 'What app_backup will sign in with; absent: there is no such role' }),
    ),
    ...databaseCommandSettings,
  }),
  rules: databaseCommandRules(
    'PREPARE_DATABASE_URL',
    'PREPARE_DATABASE_PASSWORD',
    'PREPARE_MIGRATOR_PASSWORD',
    'PREPARE_RUNTIME_PASSWORD',
    'PREPARE_READER_PASSWORD',
    'PREPARE_BACKUP_PASSWORD',
  ),
});
