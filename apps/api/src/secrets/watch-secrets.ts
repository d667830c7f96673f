import { type LiveSecret, SecretError, type SecretKind, type SecretStore } from '@redoubt/secrets';

import type { Settings } from '../settings.ts';

/** What each secret of the service is for: it decides how old it may be (SR-52). */
export const secretKinds = {
  SIGNING_KEY: 'signing-key',
  TLS_KEY: 'tls-key',
  DATABASE_USERNAME: 'database-password',
  DATABASE_PASSWORD: 'database-password',
  VALKEY_PASSWORD: 'password',
  MAIL_PASSWORD: 'password',
  ALERT_WEBHOOK_KEY: 'signing-key',
} as const satisfies Record<string, SecretKind>;

/** A setting that is a reference to a secret. */
export type SecretSetting = keyof typeof secretKinds;

/** The settings that are references to secrets, in the order in which they are reported. */
export const secretSettings = Object.keys(secretKinds) as readonly SecretSetting[];

/** The secrets of the service, each fresh for as long as it runs; one whose setting is absent is not among them. */
export type ServiceSecrets = { readonly [Name in SecretSetting]?: LiveSecret };

/** What came of watching all secrets: those that could be read, and why the others could not. */
export interface WatchedSecrets {
  readonly secrets: ServiceSecrets;
  readonly failures: ReadonlyMap<SecretSetting, SecretError>;
}

/**
 * Reads every secret that the settings name, side by side, and watches those that could be read. Rejects for what is no
 * fault of a source.
 */
export async function watchSecrets(
  store: SecretStore,
  settings: Pick<Settings, SecretSetting>,
): Promise<WatchedSecrets> {
  const secrets: { [Name in SecretSetting]?: LiveSecret } = {};
  const failures = new Map<SecretSetting, SecretError>();
  const watch = async (name: SecretSetting): Promise<void> => {
    const reference = settings[name];
    if (reference === undefined) return;
    try {
      secrets[name] = await store.watch(reference, { name, kind: secretKinds[name] });
    } catch (error) {
      // The self-check tells each of them, all at once.
      if (!(error instanceof SecretError)) throw error;
      failures.set(name, error);
    }
  };
  await Promise.all(secretSettings.map(watch));
  return { secrets, failures };
}
