export { callsTo, type PeerCalls } from './calls/calls-to.ts';
export type { ServiceAdapters } from './create-dependencies.ts';
export { UsageError } from './commands/usage-error.ts';
export {
  defineDatabase,
  type SecurityEventsTable,
  type ServiceDatabase,
  type ServiceSchema,
} from './database/service-database.ts';
export {
  type DefinedService,
  defineService,
  type OpenContext,
  type OwnTokens,
  type Service,
  type ServiceDefinition,
  type ServiceModule,
} from './define-service.ts';
export { trustsTokensOf } from './issuers/trusts-tokens-of.ts';
export { demand, openServers } from './open-servers.ts';
export { cutPage, PageQuery, pageOf } from './paging.ts';
export type { RetentionRule } from './retention/retention-job.ts';
export { openSecrets, type OpenSecrets, type SecretsContext } from './secrets/open-secrets.ts';
export type { SecretDeclaration, SecretDeclarations } from './secrets/secret-declarations.ts';
export type { ServiceSecrets } from './secrets/watch-secrets.ts';
export { createAlertTarget } from './security-events/create-alert-target.ts';
export { createWatch } from './security-events/create-watch.ts';
export { raiseLimitExceeded, raiseTokenReuse } from './security-events/shared-events.ts';
export type { ServiceDependencies, ServiceOptions, ServiceRateLimits, ServiceTracing } from './service-dependencies.ts';
export { absolutePath } from './settings/database-tls-settings.ts';
export { defineServiceSettings, type ServiceSettingsOptions } from './settings/define-service-settings.ts';
export { migrationSettings } from './settings/migration-settings.ts';
export { requestsMaxSetting } from './settings/rate-limit-settings.ts';
export type { DevelopmentPlace, ServiceSettings } from './settings/service-settings.ts';
export { required } from './settings/settings-rules.ts';
export { liveAuthorities } from './tls/server-trust.ts';
export { wellKnownLimit } from './well-known/security-txt-route.ts';
