import {
  azureSettings,
  broadTrustedProxies,
  choiceSetting,
  cidrListSetting,
  defineSettings,
  environmentSecret,
  hostSetting,
  incompleteAzureWorkload,
  type LoadedSettings,
  originListSetting,
  originSetting,
  plainCloudEndpoints,
  plainHttp,
  portSetting,
  refuseInProduction,
  secretReferenceSetting,
  staticAzureCredentials,
  staticCloudKeys,
  uncheckedCertificates,
  urlSetting,
  vaultRules,
  vaultSettings,
  weakenedNode,
} from '@redoubt/config';
import { Type } from '@sinclair/typebox';

import { absolutePath, databaseTlsSettings } from './database-tls-settings.ts';
import { DEFAULT_MANAGEMENT_HOST, DEFAULT_MANAGEMENT_PORT } from './management-address.ts';
import { mailSettings } from './mail/mail-settings.ts';
import { rateLimitSettings } from './rate-limit-settings.ts';
import { webhookSettings } from './security-events/webhook-settings.ts';
import {
  provenDatabase,
  provenSharedStore,
  required,
  someWayIn,
  soundDatabaseAddress,
  wholeWebhook,
} from './settings-rules.ts';
import { edgesApart, serviceNames, wholeTls } from './tls/tls-settings.ts';
import { plainCollector, tracingSettings } from './tracing/tracing-settings.ts';

/** The service's name: on its log lines, and as the database sees its connections. */
export const SERVICE_NAME = 'redoubt-api';

/** Every variable that begins with it must be a setting of this service. */
const PREFIX = 'REDOUBT_';

/** Connections of one replica: PostgreSQL allows 100 in all by default, for replicas and people. */
const DATABASE_POOL = { minimum: 1, maximum: 50, default: 10 };

/** Longest pause before a drained process stops listening; what is in flight has 10 s from then on (SR-38). */
const MAX_SHUTDOWN_DELAY_MS = 5000;

/** From every second, for a test, to once a day, for a table that nobody fills. */
const RETENTION_INTERVAL = { minimum: 1, maximum: 86_400, default: 600 };

/** Peers that one listener knows by name: more than a service has neighbours. */
const MAX_PEERS = 100;

/** Names of one service: more than a team gives it. */
const MAX_HOSTS = 20;

function peerList(description: string) {
  return Type.Array(Type.String({ maxLength: 2048 }), { description, default: [], maxItems: MAX_PEERS });
}

/** What the service can be told. The table in the README is made from this. */
export const serviceSettings = defineSettings({
  prefix: PREFIX,
  schema: Type.Object({
    HOST: hostSetting({ description: 'Address of the public listener', default: '127.0.0.1' }),
    PORT: portSetting({ description: 'Port of the public listener', default: 3000 }),
    MANAGEMENT_HOST: hostSetting({
      description: 'Address of the management listener; inside the network only',
      default: DEFAULT_MANAGEMENT_HOST,
    }),
    MANAGEMENT_PORT: portSetting({
      description: 'Port of the management listener: live, ready, metrics',
      default: DEFAULT_MANAGEMENT_PORT,
    }),
    MANAGEMENT_ALLOWED_HOSTS: Type.Array(Type.String({ format: 'host' }), {
      description: 'Names under which probes and scrapers ask it, beside localhost and every address; without a port',
      default: [],
      maxItems: MAX_HOSTS,
    }),
    LOG_LEVEL: choiceSetting(['debug', 'info', 'warn', 'error'], {
      description: 'The least severe line that is written',
      default: 'info',
    }),
    PUBLIC_URL: originSetting({
      description: 'Where clients reach the service, and the issuer of its tokens',
      developmentDefault: 'http://127.0.0.1:3000',
    }),
    TOKEN_AUDIENCE: Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'Whom the access tokens are for',
      developmentDefault: SERVICE_NAME,
    }),
    SIGNING_KEY: Type.Optional(
      secretReferenceSetting({
        description: 'Private keys of the access tokens (P-256, PKCS#8 PEM); required in production (decision 011)',
      }),
    ),
    TRUSTED_ISSUERS_FILE: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        description: 'JSON file of OpenID providers whose access tokens are accepted, too (decision 010)',
      }),
    ),
    LOCAL_PASSWORDS: choiceSetting(['on', 'off'], {
      description: 'Whether accounts of the service itself sign in with passwords; off needs TRUSTED_ISSUERS_FILE',
      default: 'on',
    }),
    ALLOWED_ORIGINS: originListSetting({ description: 'Origins of browsers that may call the service', default: [] }),
    ALLOWED_HOSTS: Type.Array(Type.String({ format: 'host' }), {
      description: 'Further names under which clients reach the service, beside the one of PUBLIC_URL, without a port',
      default: [],
      maxItems: MAX_HOSTS,
    }),
    TRUSTED_PROXIES: cidrListSetting({ description: 'Hops whose forwarding headers are believed', default: [] }),
    TLS_CERTIFICATE_FILE: Type.Optional(
      absolutePath('Certificate of the public listener (PEM); absent: plain HTTP. It is read again when it changes'),
    ),
    TLS_KEY: Type.Optional(secretReferenceSetting({ description: 'Private key of that certificate (PEM)' })),
    TLS_CLIENT_CA_FILE: Type.Optional(
      absolutePath('The one authority whose client certificates may connect (PEM); nobody connects without one'),
    ),
    ALLOWED_SERVICES: peerList('Services that may call, by the SPIFFE id of their client certificate'),
    ALLOWED_EDGES: peerList('Hops in front, by the SPIFFE id of their client certificate; they are no callers'),
    SIGNED_CALLERS_FILE: Type.Optional(
      absolutePath('JSON file of services whose signed requests are accepted, with their keys (decision 016)'),
    ),
    SECURITY_CONTACT: Type.String({
      pattern: '^(mailto:[^@\\s]+@[^@\\s]+|https://\\S+)$',
      maxLength: 255,
      description: 'Where to report a security hole (security.txt): a mailto: or https: address',
      developmentDefault: 'mailto:security@redoubt.example',
    }),
    DATABASE_URL: Type.Optional(
      urlSetting({
        description: 'PostgreSQL, without a password; absent in development: an embedded one',
        protocols: ['postgres:', 'postgresql:'],
      }),
    ),
    DATABASE_USERNAME: Type.Optional(
      secretReferenceSetting({
        description: 'Role to sign in as, where its source makes it with the password; absent: the one in DATABASE_URL',
      }),
    ),
    DATABASE_PASSWORD: Type.Optional(secretReferenceSetting({ description: 'Password of that role' })),
    ...databaseTlsSettings,
    DATABASE_POOL_MAX: Type.Integer({ ...DATABASE_POOL, description: 'Connections of one replica' }),
    VALKEY_URL: Type.Optional(
      urlSetting({
        description: 'Valkey or Redis, without a password; absent in development: an embedded store',
        protocols: ['redis:', 'rediss:'],
      }),
    ),
    VALKEY_CA_FILE: Type.Optional(
      absolutePath('Authorities that the shared store is believed by (PEM), with rediss:; absent: the public ones'),
    ),
    VALKEY_USERNAME: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Name of the ACL user' })),
    VALKEY_PASSWORD: Type.Optional(secretReferenceSetting({ description: 'Password of the ACL user' })),
    ...rateLimitSettings,
    ...mailSettings,
    ...webhookSettings,
    ...tracingSettings,
    LOCAL_DIRECTORY: Type.String({
      minLength: 1,
      maxLength: 4096,
      default: '.local',
      description: 'Folder that a development start keeps its state in, from the repository on; production has none',
    }),
    SELF_CHECK_SILENCES_FILE: Type.Optional(
      absolutePath('JSON file of findings that may stand for a while, each with a reason (docs/findings)'),
    ),
    ...vaultSettings,
    ...azureSettings,
    RETENTION_INTERVAL_SECONDS: Type.Integer({
      ...RETENTION_INTERVAL,
      description: 'Pause, on average, before a replica deletes again what has expired',
    }),
    SHUTDOWN_DELAY_MS: Type.Integer({
      minimum: 0,
      maximum: MAX_SHUTDOWN_DELAY_MS,
      default: 2000,
      developmentDefault: 0,
      description: 'Milliseconds between "not ready" and "not listening", for load balancers to notice',
    }),
  }),
  rules: [
    someWayIn,
    soundDatabaseAddress('DATABASE_URL'),
    ...refuseInProduction(
      plainHttp('PUBLIC_URL'),
      plainHttp('ALLOWED_ORIGINS'),
      broadTrustedProxies('TRUSTED_PROXIES'),
      environmentSecret('SIGNING_KEY'),
      environmentSecret('DATABASE_USERNAME'),
      environmentSecret('DATABASE_PASSWORD'),
      environmentSecret('VALKEY_PASSWORD'),
      environmentSecret('TLS_KEY'),
      environmentSecret('MAIL_PASSWORD'),
      environmentSecret('ALERT_WEBHOOK_KEY'),
      required('SIGNING_KEY', 'file:///run/secrets/signing-key'),
      required('DATABASE_URL', 'postgres://app_runtime@database.internal/service'),
      required('VALKEY_URL', 'rediss://valkey.internal:6379'),
      required('MAIL_URL', 'smtps://service@mail.internal'),
      required('MAIL_FROM', 'service@redoubt.example'),
      provenDatabase('DATABASE_URL'),
      provenSharedStore,
      uncheckedCertificates,
      weakenedNode,
      staticCloudKeys,
      plainCloudEndpoints,
      staticAzureCredentials(
        'SIGNING_KEY',
        'TLS_KEY',
        'DATABASE_USERNAME',
        'DATABASE_PASSWORD',
        'VALKEY_PASSWORD',
        'MAIL_PASSWORD',
        'ALERT_WEBHOOK_KEY',
      ),
    ),
    ...vaultRules,
    plainCollector,
    incompleteAzureWorkload,
    wholeTls,
    wholeWebhook,
    edgesApart,
    serviceNames('ALLOWED_SERVICES'),
    serviceNames('ALLOWED_EDGES'),
  ],
});

/** The settings of a running service: checked, and frozen. */
export type Settings = LoadedSettings<typeof serviceSettings>;
