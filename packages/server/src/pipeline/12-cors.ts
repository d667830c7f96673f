import fastifyCors from '@fastify/cors';
import type { FastifyInstance, RouteOptions } from 'fastify';

import { CORS_MAX_AGE_SECONDS } from '../limits.ts';

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

/** Whether this is the route that the plugin adds so that preflights reach its hook. */
export function isPreflightRoute({ method, url }: RouteOptions): boolean {
  return method === 'OPTIONS' && url === '*';
}
