import type { Access } from '@redoubt/auth';
import type {
  ContextConfigDefault,
  FastifyBaseLogger,
  FastifyTypeProvider,
  FastifyTypeProviderDefault,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerBase,
  RawServerDefault,
  RouteGenericInterface,
} from 'fastify';

/**
 * Whether a `POST` may run twice. `'required'`: the caller sends an `Idempotency-Key`, and one key makes one effect
 * (SR-41). {@link notNeeded}: a second run does no harm, for the reason given.
 */
export type Idempotency = 'required' | IdempotencyNotNeeded;

/** Says that a `POST` needs no idempotency key, and why. */
export interface IdempotencyNotNeeded {
  readonly notNeeded: string;
}

/** States that running this `POST` twice does no harm; `reason` is shown in the list of routes. */
export function notNeeded(reason: string): IdempotencyNotNeeded {
  return { notNeeded: reason };
}

/** How long shared caches may keep a public answer; absent means `no-store` (SR-34). */
export interface CachePolicy {
  readonly maxAgeSeconds: number;
}

/** How often callers may ask (SR-22). A route that declares none has the server's own limits. */
export interface RateLimit {
  /** Requests of one caller in a window. */
  readonly max: number;
  readonly windowSeconds: number;
  /**
   * Whom a request counts for: the address that it came from (IPv6: the /64), or the user or service that was proven.
   * Whoever is not proven counts for the address, against the server's limit for anybody.
   */
  readonly by: 'address' | 'caller';
  /** Routes of one group count together; absent: the route counts alone. */
  readonly group?: string;
  /** While the shared store does not answer: count in this process, or refuse with 503. */
  readonly whenStoreIsAway: 'local' | 'refuse';
}

/** Says that a route may be asked any number of times, and why. */
export interface NotLimited {
  readonly notLimited: string;
}

/** States that this route needs no limit; `reason` is shown in the list of routes. Refused tokens count all the same. */
export function notLimited(reason: string): NotLimited {
  return { notLimited: reason };
}

/** What a route says of itself beside Fastify's own options. The server reads it once, at boot. */
export interface RouteDeclaration {
  /** Who may call: `'public'`, or a rule of `@redoubt/auth` (SR-1). */
  readonly access: Access;
  /** Required on every `POST` (SR-41). */
  readonly idempotency?: Idempotency;
  /** Allowed on public `GET` routes only (SR-34). */
  readonly cache?: CachePolicy;
  /** Absent: the server's limits, for addresses on public routes and for callers on others (SR-22). */
  readonly rateLimit?: RateLimit | NotLimited;
  /** Media type of a successful answer; `application/json` unless said otherwise. */
  readonly produces?: string;
}

declare module 'fastify' {
  // The parameters repeat Fastify's own, as merging an interface demands.
  interface RouteShorthandOptions<
    RawServer extends RawServerBase = RawServerDefault,
    RawRequest extends RawRequestDefaultExpression<RawServer> = RawRequestDefaultExpression<RawServer>,
    RawReply extends RawReplyDefaultExpression<RawServer> = RawReplyDefaultExpression<RawServer>,
    RouteGeneric extends RouteGenericInterface = RouteGenericInterface,
    ContextConfig = ContextConfigDefault,
    SchemaCompiler extends FastifySchema = FastifySchema,
    TypeProvider extends FastifyTypeProvider = FastifyTypeProviderDefault,
    Logger extends FastifyBaseLogger = FastifyBaseLogger,
  > extends RouteDeclaration {}
}
