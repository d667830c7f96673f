import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

import fastifyHelmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';

import type { RouteContract } from '../route/route-contract.ts';
import { keepClientAddress } from './01-correlation.ts';
import { beginHeaders } from '../response/begin-headers.ts';
import type { Observe } from './12-observe.ts';

/**
 * What helmet is told (SR-32). A JSON API renders nothing, so its policy allows nothing. `Strict-Transport-Security`
 * is not here: only the end of the TLS connection can promise it, and that is nginx (SR-31).
 */
export const helmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
  },
  crossOriginEmbedderPolicy: { policy: 'require-corp' },
  crossOriginOpenerPolicy: { policy: 'same-origin' },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  referrerPolicy: { policy: 'no-referrer' },
  xContentTypeOptions: true,
  xFrameOptions: { action: 'deny' },
  strictTransportSecurity: false,
  // Each of these speaks to browsers that show pages, or to ones that are gone.
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} as const satisfies FastifyHelmetOptions;

/** What helmet has no setting for. */
const FURTHER_HEADERS = {
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  // An answer is kept by nobody unless its route says so (SR-34).
  'cache-control': 'no-store',
} as const;

/** Headers of most answers whose values are numbers, or the correlation id. */
export const PLAIN_HEADERS = ['x-request-id', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'] as const;

/** Header names in lower case with their values. */
export type Headers = Readonly<Record<string, string>>;

/**
 * Asks helmet, once, what it sends with {@link helmetOptions}. The values do not depend on the request, and asking for
 * each request costs two thirds of what Fastify does in all (docs/decisions/006); a test compares the two.
 */
export async function decideHeaders(): Promise<Headers> {
  const scratch = fastify();
  await scratch.register(fastifyHelmet, helmetOptions);
  await scratch.ready();
  const request = Object.assign(new IncomingMessage(new Socket()), { method: 'GET', url: '/' });
  const response = new ServerResponse(request);
  scratch.routing(request, response);
  await scratch.close();
  const decided = Object.entries(response.getHeaders()).filter(([name]) => !TRANSPORT_HEADERS.has(name));
  return { ...Object.fromEntries(decided.map(([name, value]) => [name, spaced(String(value))])), ...FURTHER_HEADERS };
}

/** What Node and Fastify send with any answer. */
const TRANSPORT_HEADERS = new Set(['connection', 'content-length', 'content-type', 'date', 'keep-alive']);

/** Writes a policy as the edge writes it, so that the two are the same to the letter. */
function spaced(value: string): string {
  return value.replaceAll(/;\s*/g, '; ');
}

/** Makes the step that gives every answer its headers and its log line, before anything else can answer. */
export function createHeaders(headers: Headers, observe: Observe) {
  return (request: FastifyRequest, reply: FastifyReply): void => {
    keepClientAddress(request);
    observe(request, reply);
    beginHeaders(reply, headers);
    reply.header('x-request-id', request.id);
  };
}

/** Makes the hook that lets shared caches keep a route's successful answers, as far as the route allows (SR-34). */
export function createCacheControl({ cache }: RouteContract) {
  const value = `public, max-age=${cache?.maxAgeSeconds ?? 0}`;
  return (
    _request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (error: null, payload: unknown) => void,
  ): void => {
    if (reply.statusCode === 200) reply.header('cache-control', value);
    done(null, payload);
  };
}
