export { type AlertWebhook, type AlertWebhookOptions, createAlertWebhook } from './detections/alert-webhook.ts';
export { type DetectionRule, detectionRules, type SignalName } from './detections/detection-rules.ts';
export {
  createDetections,
  type DetectionMetrics,
  type Detections,
  type DetectionsOptions,
} from './detections/detections.ts';
export type { Signal } from './detections/signal.ts';
export { AppError, type AppErrorOptions, type FieldFault, type Suspicion } from './errors/app-error.ts';
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
export { hardenPrototypes } from './lifecycle/harden-prototypes.ts';
export { CRASHES, installProcessHandlers } from './lifecycle/process-signals.ts';
export * as limits from './limits.ts';
export { type HealthCheck } from './management/health.ts';
export { addManagementRoutes, type ManagementOptions } from './management/management-routes.ts';
export { createMetrics, type Metrics, type RateLimitOutcome, type ShedReason } from './management/metrics.ts';
export { addTracingMetrics, type TracingCounters } from './management/tracing-metrics.ts';
export { addSecretMetrics, type SecretCounters, type SecretFacts } from './management/secret-metrics.ts';
export type { AllowedHosts } from './pipeline/02-allowed-hosts.ts';
export type { OverloadLimits } from './pipeline/03-shed-load.ts';
export { type Authenticator, callerOf, serviceOf } from './pipeline/05-authenticate.ts';
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
export type { RequestObserver } from './pipeline/request-observer.ts';
export { decideHeaders, type Headers, helmetOptions } from './pipeline/12-headers.ts';
export type { RequestSpan, RequestTracer } from './pipeline/12-trace.ts';
export type { RateLimitOptions } from './rate-limit/limiter.ts';
export {
  createDefaultPolicies,
  type DefaultPolicies,
  type DefaultRateLimits,
  type RateLimitPolicy,
} from './rate-limit/rate-limit-policy.ts';
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
export { StringEnum } from './route/string-enum.ts';
export { createServer, type Server, type ServerOptions } from './server.ts';
export { type TlsMaterial, TlsMaterialError } from './tls/tls-material.ts';
export type { TransportLimits } from './transport-limits.ts';
export { type TlsWatch, watchTlsMaterial } from './tls/watch-tls-material.ts';
