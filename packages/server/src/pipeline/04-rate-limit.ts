import { clientNetwork, type Principal } from '@redoubt/auth';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { createLimitedRefusal } from '../errors/bare-refusal.ts';
import { type Limit, Limiter, type LimiterContext, type RateLimitOptions } from '../rate-limit/limiter.ts';
import {
  createDefaultPolicies,
  createPolicy,
  type DefaultPolicies,
  isSamePolicy,
  type RateLimitPolicy,
} from '../rate-limit/rate-limit-policy.ts';
import type { RouteContract, RouteFault } from '../route/route-contract.ts';
import { isNotLimited } from '../route/rate-limit-rules.ts';
import { principalOf } from './05-authenticate.ts';
import type { Headers } from './12-headers.ts';

type Done = (error?: Error) => void;
type Hook = (request: FastifyRequest, reply: FastifyReply, done: Done) => void;

/** What is counted for whom; each request once, and with its steps in the order that this takes. */
export interface RateLimits {
  /** For what no route takes: whoever looks for paths that do not exist is counted. */
  readonly countUnknown: Hook;
  /** Why the route's limit cannot be enforced beside those of the routes before it. */
  findFaults(contract: RouteContract): RouteFault[];
  /** Step 4 of a route, and step 5 in its place before or after it; `authenticate` is absent on public routes. */
  stepsOf(contract: RouteContract, authenticate?: Hook): Hook[];
}

/**
 * Installs step 4 (SR-22). A caller is counted once it is proven, so that nobody else's requests use up its limit, and
 * whoever cannot be proven is counted by the address, so that guessing at tokens ends in 429. `'none'` is for a listener
 * that only the inside of the network reaches.
 */
export async function installRateLimits(
  app: FastifyInstance,
  options: RateLimitOptions | 'none',
  context: LimiterContext & { readonly headers: Headers },
): Promise<RateLimits> {
  if (options === 'none') return noLimits;
  return new CountedRoutes(
    await Limiter.install(app, options, context),
    createDefaultPolicies(options),
    createAnswer(context.headers),
  );
}

const noLimits: RateLimits = {
  countUnknown: (_request, _reply, done) => done(),
  findFaults: ({ method, url, rateLimit }) =>
    rateLimit === undefined
      ? []
      : [
          {
            route: `${method} ${url}`,
            rule: 'declares a limit on a listener that counts nothing',
            fix: 'remove rateLimit, or give the server rateLimits',
          },
        ],
  stepsOf: (_contract, authenticate) => (authenticate === undefined ? [] : [authenticate]),
};

/** Goes on, or answers: a caller that is over its limit at once and past Fastify, every other refusal as any error. */
type Answer = (reply: FastifyReply, done: Done, refusal: Error | undefined) => void;

function createAnswer(headers: Headers): Answer {
  const refuse = createLimitedRefusal(new AppError('too-many-requests'), headers);
  return (reply, done, refusal) => {
    if (!(refusal instanceof AppError && refusal.code === 'too-many-requests')) {
      done(refusal);
      return;
    }
    try {
      refuse(reply, refusal.retryAfterSeconds ?? 1);
    } catch (cause) {
      // Here, for a count that came later is waited for by nobody who would catch it.
      done(new AppError('internal', { cause }));
    }
  };
}

class CountedRoutes implements RateLimits {
  readonly countUnknown: Hook;
  readonly #answer: Answer;
  readonly #limiter: Limiter;
  readonly #defaults: DefaultPolicies;
  readonly #groups = new Map<string, RateLimitPolicy>();
  readonly #limits = new Map<string, Limit>();

  constructor(limiter: Limiter, defaults: DefaultPolicies, answer: Answer) {
    this.#limiter = limiter;
    this.#defaults = defaults;
    this.#answer = answer;
    this.countUnknown = this.#byAddress(this.#limitOf(defaults.anonymous));
  }

  findFaults({ method, url, rateLimit }: RouteContract): RouteFault[] {
    if (rateLimit === undefined || isNotLimited(rateLimit)) return [];
    const policy = createPolicy(method, url, rateLimit);
    const first = this.#groups.get(policy.name) ?? policy;
    this.#groups.set(policy.name, first);
    if (isSamePolicy(first, policy)) return [];
    const rule = `counts in the group ${policy.name} with another limit than the routes before it`;
    return [{ route: `${method} ${url}`, rule, fix: 'one limit for all routes of a group, or a group of its own' }];
  }

  stepsOf({ method, url, rateLimit }: RouteContract, authenticate?: Hook): Hook[] {
    const anonymous = this.#limitOf(this.#defaults.anonymous);
    if (rateLimit === undefined) {
      if (authenticate === undefined) return [this.#byAddress(anonymous)];
      return [this.#byCaller(authenticate, this.#defaultLimitOf(), anonymous)];
    }
    if (isNotLimited(rateLimit))
      return authenticate === undefined ? [] : [this.#byCaller(authenticate, () => unlimited, anonymous)];
    const own = this.#limitOf(createPolicy(method, url, rateLimit));
    if (authenticate === undefined) return [this.#byAddress(own)];
    return rateLimit.by === 'address'
      ? [this.#byAddress(own), authenticate]
      : [this.#byCaller(authenticate, () => own, anonymous)];
  }

  #defaultLimitOf(): (principal: Principal) => Limit {
    const [signedIn, services] = [this.#limitOf(this.#defaults.signedIn), this.#limitOf(this.#defaults.services)];
    return ({ kind }) => (kind === 'user' ? signedIn : services);
  }

  #byAddress(limit: Limit): Hook {
    return (request, reply, done) =>
      limit(request, reply, addressOf(request), (refusal) => this.#answer(reply, done, refusal));
  }

  /** Proves first and counts then. What is away is no fault of the caller's, and is not counted. */
  #byCaller(authenticate: Hook, limitOf: (principal: Principal) => Limit, anonymous: Limit): Hook {
    return (request, reply, done) => {
      authenticate(request, reply, (refusal) => {
        if (refusal === undefined) {
          const principal = principalOf(request);
          const settle = (limited?: AppError): void => this.#answer(reply, done, limited);
          limitOf(principal)(request, reply, callerOf(principal), settle);
          return;
        }
        if (isUnauthenticated(refusal)) {
          const settle = (limited?: AppError): void => this.#answer(reply, done, limited ?? refusal);
          anonymous(request, reply, addressOf(request), settle);
        } else done(refusal);
      });
    };
  }

  /** One limit for a policy, however many routes share it. */
  #limitOf(policy: RateLimitPolicy): Limit {
    const limit = this.#limits.get(policy.name) ?? this.#limiter.limit(policy);
    this.#limits.set(policy.name, limit);
    return limit;
  }
}

const unlimited: Limit = (_request, _reply, _caller, done) => done();

function isUnauthenticated(refusal: Error): boolean {
  return refusal instanceof AppError && refusal.code === 'unauthenticated';
}

function addressOf({ clientAddress }: FastifyRequest): string {
  return `ip:${clientNetwork(clientAddress)}`;
}

function callerOf(principal: Principal): string {
  return principal.kind === 'user' ? `user:${principal.userId}` : `service:${principal.serviceId}`;
}
