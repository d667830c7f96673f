import { refusedSetting, type SettingFault } from '@redoubt/config';

/** Refuses a service that nobody can sign in to. */
export function someWayIn(settings: {
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

/** Refuses a webhook whose receiver could not tell who calls, and a key for nothing. */
export function wholeWebhook(settings: {
  readonly ALERT_WEBHOOK_URL: string | undefined;
  readonly ALERT_WEBHOOK_KEY: unknown;
}): SettingFault | undefined {
  if ((settings.ALERT_WEBHOOK_URL === undefined) === (settings.ALERT_WEBHOOK_KEY === undefined)) return undefined;
  const [absent, present] =
    settings.ALERT_WEBHOOK_KEY === undefined
      ? (['ALERT_WEBHOOK_KEY', 'ALERT_WEBHOOK_URL'] as const)
      : (['ALERT_WEBHOOK_URL', 'ALERT_WEBHOOK_KEY'] as const);
  return refusedSetting('RD-019', absent, `a value, because ${present} has one`, 'Set both, or neither.');
}

/** Refuses an absent setting that has an embedded stand-in for development only. */
export function required<Name extends string>(
  name: Name,
  example: string,
): (settings: { readonly [N in Name]: unknown }) => SettingFault | undefined {
  return (settings) =>
    settings[name] === undefined
      ? refusedSetting(
          'RD-006',
          name,
          `a value such as ${example}`,
          `Set ${name}: its embedded stand-in is for development.`,
        )
      : undefined;
}
