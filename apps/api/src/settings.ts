import { MAX_ADDRESS_FAILURES } from '@redoubt/auth';
import {
  choiceSetting,
  type LoadedSettings,
  refusedSetting,
  refuseInProduction,
  secretReferenceSetting,
  type SettingFault,
} from '@redoubt/config';
import { defineServiceSettings, requestsMaxSetting, required } from '@redoubt/service';
import { Type } from '@sinclair/typebox';

import { database } from './database-schema.ts';
import { mailSettings } from './mail/mail-settings.ts';
import { REFRESH_MAX, SIGN_IN_MAX } from './sign-in/sign-in-limits.ts';

/** What the service can be told. The table in the README is made from this. */
export const serviceSettings = defineServiceSettings({
  prefix: 'REDOUBT_',
  own: {
    TOKEN_AUDIENCE: Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'Whom the access tokens are for: one name for every service that takes them',
      developmentDefault: database.service,
    }),
    SIGNING_KEY: Type.Optional(
      secretReferenceSetting({
        description: 'Private keys of the access tokens (P-256, PKCS#8 PEM); required in production (decision 011)',
      }),
    ),
    LOCAL_PASSWORDS: choiceSetting(['on', 'off'], {
      description: 'Whether accounts of the service itself sign in with passwords; off needs TRUSTED_ISSUERS_FILE',
      default: 'on',
    }),
    SIGN_IN_ADDRESS_FAILURES_MAX: Type.Integer({
      minimum: 1,
      maximum: 100_000,
      default: MAX_ADDRESS_FAILURES,
      description: 'Failed sign-ins of one address (IPv6: a /64) in 15 minutes; then it waits',
    }),
    RATE_LIMIT_SIGN_IN_MAX: requestsMaxSetting(
      SIGN_IN_MAX,
      'Sign-ins, registrations, confirmations and resets of one address (IPv6: a /64) in 3 minutes',
    ),
    RATE_LIMIT_REFRESH_MAX: requestsMaxSetting(REFRESH_MAX, 'Refreshes of one address (IPv6: a /64) in a minute'),
    ...mailSettings,
  },
  rules: [
    someWayIn,
    ...refuseInProduction(
      required('SIGNING_KEY', 'file:///run/secrets/signing-key'),
      required('MAIL_URL', 'smtps://service@mail.internal'),
      required('MAIL_FROM', 'service@redoubt.example'),
    ),
  ],
});

/** The settings of a running service: checked, and frozen. */
export type Settings = LoadedSettings<typeof serviceSettings>;

/** Refuses a service that nobody can sign in to. */
function someWayIn(settings: {
  readonly LOCAL_PASSWORDS: 'on' | 'off';
  readonly TRUSTED_ISSUERS_FILE: string | undefined;
}): SettingFault | undefined {
  return settings.LOCAL_PASSWORDS === 'off' && settings.TRUSTED_ISSUERS_FILE === undefined
    ? refusedSetting(
        'RD-016',
        'LOCAL_PASSWORDS',
        'on, or issuers to sign in at',
        'Name the issuers in TRUSTED_ISSUERS_FILE.',
      )
    : undefined;
}
