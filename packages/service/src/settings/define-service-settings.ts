import {
  broadTrustedProxies,
  defineSettings,
  environmentSecret,
  incompleteAzureWorkload,
  plainCloudEndpoints,
  plainHttp,
  refuseInProduction,
  type RuleView,
  type SettingsDefinition,
  type SettingsOf,
  type SettingsRule,
  staticAzureCredentials,
  staticCloudKeys,
  uncheckedCertificates,
  vaultRules,
  weakenedNode,
} from '@redoubt/config';
import { type TProperties, Type } from '@sinclair/typebox';

import { edgesApart, serviceNames, wholeTls } from '../tls/tls-settings.ts';
import { plainCollector } from '../tracing/tracing-settings.ts';
import {
  type DevelopmentPlace,
  type ServiceSettingProperties,
  serviceSettingProperties,
  type ServiceSettings,
} from './service-settings.ts';
import { provenDatabase, provenSharedStore, required, soundDatabaseAddress, wholeWebhook } from './settings-rules.ts';

/** What a service says about its settings, beside those that every service has. */
export interface ServiceSettingsOptions<Own extends TProperties> {
  /** Every variable that begins with it must be a setting of this service: `NOTES_`. */
  readonly prefix: string;
  readonly own?: Own;
  readonly rules?: readonly SettingsRule<RuleView<SettingsOf<ServiceSettingProperties & Own>>>[];
  readonly development?: DevelopmentPlace;
}

type Rule = SettingsRule<RuleView<ServiceSettings>>;

/** Secrets among the settings of every service. */
const COMMON_SECRETS = [
  'TLS_KEY',
  'DATABASE_USERNAME',
  'DATABASE_PASSWORD',
  'VALKEY_PASSWORD',
  'ALERT_WEBHOOK_KEY',
] as const;

/**
 * Defines the settings of a service: the common ones with their rules, and its own. A setting of its own that refers to a
 * secret has the rules of secrets by itself (SR-51).
 *
 * @throws {TypeError} for a setting that every service has already, and as `defineSettings` does.
 */
export function defineServiceSettings<Own extends TProperties = ServiceSettingProperties>({
  prefix,
  own,
  rules = [],
  development,
}: ServiceSettingsOptions<Own>): SettingsDefinition<SettingsOf<ServiceSettingProperties & Own>> {
  const common = serviceSettingProperties(development);
  const added: TProperties = own ?? {};
  const taken = Object.keys(added).find((name) => Object.hasOwn(common, name));
  if (taken !== undefined) throw new TypeError(`every service has a setting ${taken} already`);
  const ownSecrets = Object.keys(added).filter((name) => added[name]?.['format'] === 'secret-reference');
  return defineSettings<ServiceSettingProperties & Own>({
    prefix,
    // Names are apart, so that the two together are both of them.
    schema: Type.Object({ ...common, ...added } as ServiceSettingProperties & Own),
    rules: [...(commonRules(ownSecrets) as typeof rules), ...rules],
  });
}

function commonRules(ownSecrets: readonly string[]): readonly Rule[] {
  // The rules read a setting by its name; to their types, an own one is like those that every service has.
  const secrets = [...COMMON_SECRETS, ...(ownSecrets as (typeof COMMON_SECRETS)[number][])];
  const inProduction: readonly Rule[] = [
    plainHttp('PUBLIC_URL'),
    plainHttp('ALLOWED_ORIGINS'),
    broadTrustedProxies('TRUSTED_PROXIES'),
    ...secrets.map((name) => environmentSecret(name)),
    required('DATABASE_URL', 'postgres://app_runtime@database.internal/service'),
    required('VALKEY_URL', 'rediss://valkey.internal:6379'),
    provenDatabase('DATABASE_URL'),
    provenSharedStore,
    uncheckedCertificates,
    weakenedNode,
    staticCloudKeys,
    plainCloudEndpoints,
    staticAzureCredentials(...secrets),
  ];
  return [
    soundDatabaseAddress('DATABASE_URL'),
    ...refuseInProduction(...inProduction),
    ...vaultRules,
    plainCollector,
    incompleteAzureWorkload,
    wholeTls,
    wholeWebhook,
    edgesApart,
    serviceNames('ALLOWED_SERVICES'),
    serviceNames('ALLOWED_EDGES'),
  ];
}
