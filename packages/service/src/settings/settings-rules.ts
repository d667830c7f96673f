import { isLoopback, refusedSetting, type SettingFault } from '@redoubt/config';
import { isConnectionAddress } from '@redoubt/storage';

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

/** Refuses a database on another machine that does not have to prove who it is (SR-28): the password would cross the wire. */
export function provenDatabase<Name extends string>(
  name: Name,
): (
  settings: { readonly [N in Name]: unknown } & { readonly DATABASE_TLS: 'verify-full' | 'off' },
) => SettingFault | undefined {
  return (settings) =>
    settings.DATABASE_TLS === 'off' && !isOnThisMachine(settings[name])
      ? refusedSetting('RD-066', 'DATABASE_TLS', 'verify-full', 'Leave TLS on: the database is on another machine.')
      : undefined;
}

/** The same for the shared store, whose address says whether it speaks TLS. */
export function provenSharedStore({
  VALKEY_URL,
}: {
  readonly VALKEY_URL: string | undefined;
}): SettingFault | undefined {
  return VALKEY_URL?.startsWith('redis:') === true && !isOnThisMachine(VALKEY_URL)
    ? refusedSetting('RD-076', 'VALKEY_URL', 'rediss:', 'Use rediss: the shared store is on another machine.')
    : undefined;
}

/** An address that names no user, no host or no database is no place to connect to, or has parameters that weaken it. */
export function soundDatabaseAddress<Name extends string>(
  name: Name,
): (settings: { readonly [N in Name]: string | undefined }) => SettingFault | undefined {
  return (settings) =>
    settings[name] === undefined || isConnectionAddress(settings[name])
      ? undefined
      : refusedSetting(
          'RD-003',
          name,
          'postgres://user@host:port/database, without parameters',
          'Name a role, a host and a database; TLS has settings of its own.',
        );
}

function isOnThisMachine(url: unknown): boolean {
  return typeof url !== 'string' || isLoopback(URL.parse(url)?.hostname.replaceAll(/^\[|\]$/g, '') ?? '');
}
