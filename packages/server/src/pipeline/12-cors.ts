import fastifyCors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';

import { CORS_MAX_AGE_SECONDS } from '../limits.ts';
import type { RequestObserver } from './request-observer.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const REQUEST_HEADERS = ['authorization', 'content-type', 'idempotency-key', 'x-requested-with'];
const RESPONSE_HEADERS = [
  'idempotency-replayed',
  'location',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'x-request-id',
];

/**
 * Installs @fastify/cors with an exact list of origins (SR-24): an origin that is not on it gets no CORS header at all,
 * and neither `*` nor `null` can be on it. With an empty list no other origin may read an answer.
 */
export async function installCors(app: FastifyInstance, allowedOrigins: readonly string[]): Promise<void> {
  const allowed = new Set(allowedOrigins);
  await app.register(fastifyCors, {
    // A function, so that a foreign origin switches CORS off for the request instead of getting half of its headers.
    origin: (origin, decide) => decide(null, origin !== undefined && allowed.has(origin)),
    credentials: true,
    methods: METHODS,
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: RESPONSE_HEADERS,
    maxAge: CORS_MAX_AGE_SECONDS,
    strictPreflight: false,
  });
}

/**
 * Makes the step that tells of foreign origins which ask for more than a public answer: with a preflight, or with a
 * cookie or a token. It refuses nothing: an answer without CORS headers is of no use to them (SR-24). A page of the
 * service itself is at home whatever the list says; `Host` was checked before.
 */
export function createWatchOrigins(
  allowedOrigins: readonly string[],
  observer: Pick<RequestObserver, 'foreignOrigin'>,
) {
  const allowed = new Set(allowedOrigins);
  return (request: FastifyRequest): void => {
    const { origin, host } = request.headers;
    const isForeign = origin !== undefined && !allowed.has(origin) && URL.parse(origin)?.host !== host;
    const asked = isForeign ? askedWith(request) : undefined;
    if (asked !== undefined) observer.foreignOrigin(request, asked);
  };
}

function askedWith({ method, headers }: FastifyRequest): 'preflight' | 'credentials' | undefined {
  if (method === 'OPTIONS' && headers['access-control-request-method'] !== undefined) return 'preflight';
  return headers.cookie === undefined && headers.authorization === undefined ? undefined : 'credentials';
}

/** Whether this is the route that the plugin adds so that preflights reach its hook. */
export function isPreflightRoute({ method, url }: RouteOptions): boolean {
  return method === 'OPTIONS' && url === '*';
}
