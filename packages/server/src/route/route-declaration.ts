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

/** What a route says of itself beside Fastify's own options. The server reads it once, at boot. */
export interface RouteDeclaration {
  /** Who may call: `'public'`, or a rule of `@redoubt/auth` (SR-1). */
  readonly access: Access;
  /** Required on every `POST` (SR-41). */
  readonly idempotency?: Idempotency;
  /** Allowed on public `GET` routes only (SR-34). */
  readonly cache?: CachePolicy;
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
