import { choiceSetting, defineSettings, secretReferenceSetting, urlSetting } from '@redoubt/config';
import { ROLE_MEMBER_PATTERN } from '@redoubt/storage';
import { Type } from '@sinclair/typebox';

import { databaseCommandRules, databaseCommandSettings } from './database-command.ts';

/** Sources of credentials for one role: more than a team has. */
const MAX_MEMBERS = 20;

function memberList(role: string) {
  return Type.Array(Type.String({ pattern: ROLE_MEMBER_PATTERN }), {
    description: `Login roles of rotations that stay members of ${role}: names, or beginnings and a *`,
    default: [],
    maxItems: MAX_MEMBERS,
  });
}

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
    PREPARE_MIGRATOR_MEMBERS: memberList('app_migrator'),
    PREPARE_RUNTIME_MEMBERS: memberList('app_runtime'),
    PREPARE_READER_MEMBERS: memberList('app_reader'),
    PREPARE_BACKUP_MEMBERS: memberList('app_backup'),
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
