import { choiceSetting, defineSettings, secretReferenceSetting, urlSetting } from '@redoubt/config';
import { Type } from '@sinclair/typebox';

import { databaseCommandRules, databaseCommandSettings } from './database-command.ts';

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
    ...databaseCommandSettings,
  }),
  rules: databaseCommandRules('AUDIT_DATABASE_URL', 'AUDIT_DATABASE_PASSWORD'),
});
