export { AppError, type AppErrorOptions, type FieldFault } from './errors/app-error.ts';
export { type ErrorCode, errorCodes, type ErrorDefinition } from './errors/error-codes.ts';
export { Problem, PROBLEM_MEDIA_TYPE } from './errors/problem.ts';
export { InvalidJsonError, parseStrictJson } from './json/strict-json.ts';
export {
  type Closable,
  createLifecycle,
  type Lifecycle,
  type LifecycleOptions,
  type LifecycleState,
} from './lifecycle/lifecycle.ts';
export { closeListener } from './lifecycle/close-listener.ts';
export { installProcessHandlers } from './lifecycle/process-signals.ts';
export * as limits from './limits.ts';
export { type HealthCheck } from './management/health.ts';
export { addManagementRoutes, type ManagementOptions } from './management/management-routes.ts';
export { createMetrics, type Metrics, type RateLimitOutcome, type ShedReason } from './management/metrics.ts';
export type { OnPeerRefused } from './pipeline/01-identify-peer.ts';
export type { AllowedHosts } from './pipeline/02-request-firewall.ts';
export type { OverloadLimits } from './pipeline/03-shed-load.ts';
export { type Authenticator, callerOf, serviceOf } from './pipeline/05-authenticate.ts';
export type { OnDenied } from './pipeline/06-authorize.ts';
export {
  type IdempotencyOutcome,
  type IdempotencyScope,
  type IdempotencyStore,
  type StoredAnswer,
} from './pipeline/09-idempotency.ts';
export {
  DatabaseIdempotencyStore,
  type IdempotencySchema,
  type IdempotencyTable,
} from './idempotency/database-idempotency-store.ts';
export { decideHeaders, type Headers, helmetOptions } from './pipeline/12-headers.ts';
export type { OnLimited, RateLimitOptions } from './rate-limit/limiter.ts';
export { type RouteContract, RouteContractError, type RouteFault } from './route/route-contract.ts';
export {
  type CachePolicy,
  type Idempotency,
  type IdempotencyNotNeeded,
  type NotLimited,
  notLimited,
  notNeeded,
  type RateLimit,
  type RouteDeclaration,
} from './route/route-declaration.ts';
export { findOpenSchemas, type SchemaFault } from './route/schema-rules.ts';
export { createServer, type Server, type ServerOptions } from './server.ts';
export { type TlsMaterial, TlsMaterialError } from './tls/tls-material.ts';
export type { TransportLimits } from './transport-limits.ts';
export { type TlsWatch, watchTlsMaterial } from './tls/watch-tls-material.ts';
