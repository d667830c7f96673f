import {
  azureSettings,
  choiceSetting,
  cidrListSetting,
  hostSetting,
  originListSetting,
  originSetting,
  portSetting,
  secretReferenceSetting,
  type SettingsOf,
  urlSetting,
  vaultSettings,
} from '@redoubt/config';
import { Type } from '@sinclair/typebox';

import { tracingSettings } from '../tracing/tracing-settings.ts';
import { absolutePath, databaseTlsSettings } from './database-tls-settings.ts';
import { DEFAULT_MANAGEMENT_HOST, DEFAULT_MANAGEMENT_PORT } from './management-address.ts';
import { rateLimitSettings } from './rate-limit-settings.ts';
import { webhookSettings } from './webhook-settings.ts';

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

/** Where a service stands on a developer's machine, so that several run side by side. */
export interface DevelopmentPlace {
  /** Default: 3000. */
  readonly port?: number;
  /** Default: 9000. */
  readonly managementPort?: number;
  /** Folder that it keeps its state in, from the repository on. Default: `.local`. */
  readonly directory?: string;
}

const DEFAULT_PORT = 3000;

function peerList(description: string) {
  return Type.Array(Type.String({ maxLength: 2048 }), { description, default: [], maxItems: MAX_PEERS });
}

/** The settings of every service, in the order of the table in the README. */
export function serviceSettingProperties({
  port = DEFAULT_PORT,
  managementPort = DEFAULT_MANAGEMENT_PORT,
  directory = '.local',
}: DevelopmentPlace = {}) {
  return {
    HOST: hostSetting({ description: 'Address of the public listener', default: '127.0.0.1' }),
    PORT: portSetting({
      description: 'Port of the public listener',
      default: DEFAULT_PORT,
      ...(port === DEFAULT_PORT ? {} : { developmentDefault: port }),
    }),
    MANAGEMENT_HOST: hostSetting({
      description: 'Address of the management listener; inside the network only',
      default: DEFAULT_MANAGEMENT_HOST,
    }),
    MANAGEMENT_PORT: portSetting({
      description: 'Port of the management listener: live, ready, metrics',
      default: DEFAULT_MANAGEMENT_PORT,
      ...(managementPort === DEFAULT_MANAGEMENT_PORT ? {} : { developmentDefault: managementPort }),
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
      developmentDefault: `http://127.0.0.1:${port}`,
    }),
    TRUSTED_ISSUERS_FILE: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        description: 'JSON file of OpenID providers whose access tokens are accepted, too (decision 010)',
      }),
    ),
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
      developmentDefault: 'mailto:security@service.example',
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
    ...webhookSettings,
    ...tracingSettings,
    LOCAL_DIRECTORY: Type.String({
      minLength: 1,
      maxLength: 4096,
      default: directory,
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
  };
}

/** The properties that every service has. */
export type ServiceSettingProperties = ReturnType<typeof serviceSettingProperties>;

/** The settings that every service has: checked, and frozen. */
export type ServiceSettings = SettingsOf<ServiceSettingProperties>;
