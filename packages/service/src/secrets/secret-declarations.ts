import { createPrivateKey } from 'node:crypto';

import type { SecretUse } from '@redoubt/config';
import { type Secret, secretAgeLimitsMs, type SecretKind, type SecretReference } from '@redoubt/secrets';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How the self-check judges a secret: by what it has to withstand. */
type Judgement =
  | { readonly kind: Exclude<SecretUse['kind'], 'private key'> }
  | {
      readonly kind: 'private key';
      /** Throws or rejects for material that its use would not take; what it throws goes nowhere. */
      readonly parse: (material: Secret) => unknown;
    };

/** What a secret of a service is for. */
export type SecretDeclaration = Judgement & {
  /** How old it may be (SR-52). */
  readonly ages: SecretKind;
};

/** Secrets by the settings that refer to them, in the order in which they are reported. */
export type SecretDeclarations = Readonly<Record<string, SecretDeclaration>>;

/** Throws for what is no private key in PEM. */
export function parsePrivateKey(material: Secret): unknown {
  return createPrivateKey(material.expose());
}

/** The secrets that every service may have. */
export const serviceSecretDeclarations = {
  TLS_KEY: { ages: 'tls-key', kind: 'private key', parse: parsePrivateKey },
  DATABASE_USERNAME: { ages: 'database-password', kind: 'user name' },
  DATABASE_PASSWORD: { ages: 'database-password', kind: 'password' },
  VALKEY_PASSWORD: { ages: 'password', kind: 'password' },
  ALERT_WEBHOOK_KEY: { ages: 'signing-key', kind: 'symmetric key' },
} as const satisfies SecretDeclarations;

/** What a setting of that name refers to; `undefined` where it is not set. */
export function referenceIn(settings: object, name: string): SecretReference | undefined {
  // Settings that are declared as secrets are references: `defineService` has compared the two.
  return (settings as Readonly<Record<string, SecretReference | undefined>>)[name];
}

/** The secrets of a service as the self-check judges them. */
export function secretUses(secrets: SecretDeclarations, settings: object): readonly SecretUse[] {
  return Object.entries(secrets).map(([setting, declaration]) => useOf(setting, declaration, settings));
}

function useOf(setting: string, { ages, ...judgement }: SecretDeclaration, settings: object): SecretUse {
  const reference = referenceIn(settings, setting);
  return { setting, reference, maxAgeDays: secretAgeLimitsMs[ages] / DAY_MS, ...judgement };
}
