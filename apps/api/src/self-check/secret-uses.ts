import { createPrivateKey } from 'node:crypto';

import { importSigningKeySchedule } from '@redoubt/auth';
import type { SecretUse } from '@redoubt/config';
import { type Secret, secretAgeLimitsMs } from '@redoubt/secrets';

import { type SecretSetting, secretKinds } from '../secrets/watch-secrets.ts';
import type { Settings } from '../settings.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The secrets of the service as the self-check judges them: by what each has to withstand. */
export function secretUses(settings: Pick<Settings, SecretSetting>): readonly SecretUse[] {
  const use = (setting: SecretSetting) => ({
    setting,
    reference: settings[setting],
    maxAgeDays: secretAgeLimitsMs[secretKinds[setting]] / DAY_MS,
  });
  return [
    { ...use('SIGNING_KEY'), kind: 'private key', parse: importSigningKeySchedule },
    { ...use('TLS_KEY'), kind: 'private key', parse: (material: Secret) => createPrivateKey(material.expose()) },
    { ...use('DATABASE_USERNAME'), kind: 'user name' },
    { ...use('DATABASE_PASSWORD'), kind: 'password' },
    { ...use('VALKEY_PASSWORD'), kind: 'password' },
    // Another provider's server decides how long it may be.
    { ...use('MAIL_PASSWORD'), kind: 'foreign password' },
    { ...use('ALERT_WEBHOOK_KEY'), kind: 'symmetric key' },
  ];
}
