import type { Access, AccessRule } from '@redoubt/auth';
import { Type } from '@sinclair/typebox';
import type { FastifySchema, RouteOptions } from 'fastify';

import { Problem } from '../errors/problem.ts';
import { MAX_BODY_BYTES } from '../limits.ts';
import { admitsServices } from './admitted-services.ts';
import { findRateLimitFaults } from './rate-limit-rules.ts';
import type { CachePolicy, Idempotency, NotLimited, RateLimit } from './route-declaration.ts';
import { findOpenSchemas } from './schema-rules.ts';

/** What the pipeline needs to know of a route, checked once at boot. */
export interface RouteContract {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
  readonly idempotency: Idempotency | undefined;
  readonly cache: CachePolicy | undefined;
  /** What the route declares; `undefined`: the server's own limits. */
  readonly rateLimit: RateLimit | NotLimited | undefined;
  readonly produces: string;
  /** Statuses of successful answers that the route declares; another one does not leave. */
  readonly statuses: ReadonlySet<number>;
  /** The schema that the route is served with. */
  readonly schema: FastifySchema;
  /** Largest body that is read; 0 for a method without one. */
  readonly maxBodyBytes: number;
}

/** One rule that a route breaks. */
export interface RouteFault {
  /** `METHOD /pattern`. */
  readonly route: string;
  readonly rule: string;
  /** The line to write. */
  readonly fix: string;
}

/** The boot stops with this error when a route leaves something open. Its message lists every fault of every route. */
export class RouteContractError extends TypeError {
  override readonly name = 'RouteContractError';
  readonly faults: readonly RouteFault[];

  constructor(faults: readonly RouteFault[]) {
    const lines = faults.map(({ route, rule, fix }) => `  ${route}: ${rule}\n    write: ${fix}`);
    super(`The routes are not safe to serve:\n${lines.join('\n')}`);
    this.faults = faults;
  }
}

const DEFAULT_PRODUCES = 'application/json';
const CLOSED_OBJECT = Type.Object({}, { additionalProperties: false });
const EXACT_STATUS = /^[1-5]\d\d$/;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Methods whose requests have a body. */
export const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
/** Options of Fastify with which a route would leave the pipeline: unchecked input, unlisted output, errors of its own. */
const LOOSENING = ['errorHandler', 'schemaErrorFormatter', 'serializerCompiler', 'validatorCompiler'] as const;
/** What plugins beneath the pipeline read on a route: a limit of their own beside the declared one, or none at all. */
const PLUGIN_OPTIONS = ['rateLimit', 'pressureHandler'] as const;
const REQUEST_PARTS = ['body', 'params', 'querystring', 'headers'] as const;

/** Reads and checks what a route declares. The faults come back together, so that one start shows all of them. */
export function readContract(route: RouteOptions): { contract: RouteContract; faults: RouteFault[] } {
  const method = String(route.method);
  const schema = route.schema ?? {};
  const contract: RouteContract = {
    method,
    url: route.url,
    access: route.access,
    idempotency: route.idempotency,
    cache: route.cache,
    rateLimit: route.rateLimit,
    produces: route.produces ?? DEFAULT_PRODUCES,
    statuses: new Set(Object.keys(responsesOf(schema)).map(Number)),
    schema: closeSchema(route),
    maxBodyBytes: WITH_BODY.has(method) ? (route.bodyLimit ?? MAX_BODY_BYTES) : 0,
  };
  const name = `${method} ${route.url}`;
  const faults = [
    ...methodFaults(route),
    ...optionFaults(route),
    ...accessFaults(contract),
    ...requestFaults(contract, schema),
    ...responseFaults(schema),
    ...idempotencyFaults(contract),
    ...cacheFaults(contract),
    ...findRateLimitFaults(contract.access, contract.rateLimit),
  ].map(({ rule, fix }) => ({ route: name, rule, fix }));
  return { contract, faults };
}

/**
 * The schema that the route is served with: a part that it does not declare takes nothing at all, and the statuses of
 * errors answer with the problem document.
 */
export function closeSchema({ method, schema }: RouteOptions): FastifySchema {
  return {
    ...(method === 'DELETE' ? { body: Type.Null() } : {}),
    ...schema,
    querystring: schema?.querystring ?? CLOSED_OBJECT,
    response: { '4xx': Problem, '5xx': Problem, ...responsesOf(schema ?? {}) },
  };
}

type Fault = Omit<RouteFault, 'route'>;

function responsesOf(schema: FastifySchema): Record<string, unknown> {
  return (schema.response ?? {}) as Record<string, unknown>;
}

function methodFaults({ method }: RouteOptions): Fault[] {
  if (Array.isArray(method))
    return [{ rule: 'serves several methods in one declaration', fix: 'one route for each method' }];
  return METHODS.has(method)
    ? []
    : [{ rule: 'uses a method that the pipeline does not know', fix: `one of ${[...METHODS].join(', ')}` }];
}

function optionFaults(route: RouteOptions): Fault[] {
  const loosened: string[] = LOOSENING.filter((option) => route[option] !== undefined);
  if (route.attachValidation === true) loosened.push('attachValidation');
  const config: object = route.config ?? {};
  loosened.push(...PLUGIN_OPTIONS.filter((option) => option in config).map((option) => `config.${option}`));
  return loosened.map((option) => ({
    rule: `takes itself out of the pipeline with ${option}`,
    fix: `remove ${option}`,
  }));
}

function accessFaults({ access }: RouteContract): Fault[] {
  if (access === 'public' || isAccessRule(access)) return [];
  return [{ rule: 'declares no access', fix: "access: permission('…'), signedIn(), owner('id') or 'public'" }];
}

function isAccessRule(access: unknown): access is AccessRule {
  return typeof access === 'object' && access !== null && 'check' in access && typeof access.check === 'function';
}

function requestFaults({ method, url }: RouteContract, schema: FastifySchema): Fault[] {
  const faults: Fault[] = [];
  if (WITH_BODY.has(method) && schema.body === undefined) {
    faults.push({
      rule: 'has no schema for its body',
      fix: 'schema.body: Type.Object({ … }, { additionalProperties: false }), or Type.Null() for none',
    });
  }
  if (url.includes('*')) {
    faults.push({ rule: 'matches any path below it', fix: 'a pattern with named parameters, such as /things/:id' });
  }
  if (url.includes(':') && schema.params === undefined) {
    faults.push({
      rule: 'has no schema for its parameters',
      fix: "schema.params: Type.Object({ id: Type.String({ format: 'uuid' }) }, { additionalProperties: false })",
    });
  }
  if ('query' in schema)
    faults.push({ rule: 'names its query in a way that is not checked', fix: 'schema.querystring: …' });
  for (const part of REQUEST_PARTS) {
    if (schema[part] === undefined) continue;
    // Headers that a route does not name are the transport's and the browser's: they stay open.
    const open = findOpenSchemas(schema[part], part).filter(({ path }) => path !== 'headers');
    faults.push(...open.map(({ path, rule, fix }) => ({ rule: `${path} ${rule}`, fix })));
  }
  return faults;
}

function responseFaults(schema: FastifySchema): Fault[] {
  const entries = Object.entries(responsesOf(schema));
  const faults: Fault[] = [];
  if (!entries.some(([status]) => status < '400')) {
    faults.push({
      rule: 'declares no successful response',
      fix: 'schema.response: { 200: Type.Object({ … }, { additionalProperties: false }) }',
    });
  }
  for (const [status, response] of entries) {
    if (!EXACT_STATUS.test(status))
      faults.push({
        rule: `response ${status} is not one status`,
        fix: 'name each status that the route sends: 200, 201, …',
      });
    faults.push(
      ...findOpenSchemas(response, `response.${status}`).map(({ path, rule, fix }) => ({
        rule: `${path} ${rule}`,
        fix,
      })),
    );
  }
  return faults;
}

function idempotencyFaults({ method, access, idempotency }: RouteContract): Fault[] {
  if (method !== 'POST') return [];
  if (idempotency === undefined) {
    return [
      {
        rule: 'is a write without an idempotency decision',
        fix: "idempotency: 'required', or notNeeded('why running it twice does no harm')",
      },
    ];
  }
  // A key belongs to a caller (SR-41): without one, anybody could read another's stored answer.
  if (idempotency === 'required' && access === 'public') {
    return [
      {
        rule: 'requires an idempotency key of callers it does not know',
        fix: 'access: a rule, or idempotency: notNeeded(…)',
      },
    ];
  }
  if (idempotency === 'required' && access !== 'public' && admitsServices(access?.requires)) {
    return [
      {
        rule: 'requires an idempotency key, which only users have, and admits services',
        fix: 'access: a rule for users, or idempotency: notNeeded(…)',
      },
    ];
  }
  return [];
}

function cacheFaults({ method, access, cache }: RouteContract): Fault[] {
  if (cache === undefined) return [];
  const allowed = access === 'public' && (method === 'GET' || method === 'HEAD');
  return allowed
    ? []
    : [
        {
          rule: 'lets shared caches keep an answer that is not public',
          fix: 'remove cache, or make the route a public GET',
        },
      ];
}
