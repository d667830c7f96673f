import type { Access, AccessRule, PeerIdentifier, SignatureVerifier } from '@redoubt/auth';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import type { SendError } from '../errors/send-problem.ts';
import { createMethodIndex, createRefuseUnknown, installNotFound } from '../errors/not-found.ts';
import { mayAdmitServices } from '../route/admitted-services.ts';
import type { Metrics } from '../management/metrics.ts';
import type { InFlight } from '../overload/in-flight.ts';
import type { RateLimitOptions } from '../rate-limit/limiter.ts';
import {
  closeSchema,
  readContract,
  type RouteContract,
  RouteContractError,
  type RouteFault,
  WITH_BODY,
} from '../route/route-contract.ts';
import { createCorrelate } from './01-correlation.ts';
import type { ConnectionEnd } from './01-end-connection.ts';
import type { SchemaCompiler } from '../schemas/schema-compiler.ts';
import { createIdentifyPeer } from './01-identify-peer.ts';
import type { AllowedHosts } from './02-allowed-hosts.ts';
import { createScreenRequest } from './02-request-firewall.ts';
import { createBodyWait, installShedding, type OverloadLimits } from './03-shed-load.ts';
import { installRateLimits, type RateLimits } from './04-rate-limit.ts';
import { type Authenticator, createAuthenticate } from './05-authenticate.ts';
import { createProveSigned } from './05-signed-request.ts';
import { createAuthorize } from './06-authorize.ts';
import { refuseUnprovenBody } from './07-body-digest.ts';
import { createNegotiate } from './07-negotiate.ts';
import { installBodyParser } from './07-parse-body.ts';
import { installValidator } from './08-validate.ts';
import { createIdempotentHandler, type IdempotencyStore } from './09-idempotency.ts';
import { createSerialise, installSerialiser, markSerialised } from './11-serialise.ts';
import { createWatchOrigins, installCors, isPreflightRoute } from './12-cors.ts';
import { createCacheControl, createHeaders, type Headers } from './12-headers.ts';
import type { Observe } from './12-observe.ts';
import type { RequestTracer } from './12-trace.ts';
import type { RequestObserver } from './request-observer.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the matched route declared; `null` until a route has matched. */
    contract: RouteContract | null;
  }
}

/** What the steps need from outside. */
export interface PipelineOptions {
  readonly headers: Headers;
  readonly observe: Observe;
  readonly sendError: SendError;
  readonly inFlight: InFlight;
  readonly connectionEnd: ConnectionEnd;
  readonly schemas: SchemaCompiler;
  readonly metrics: Metrics;
  readonly allowedOrigins: readonly string[];
  /** Addresses or CIDR blocks of the hops whose forwarding headers, request ids and traces are believed (SR-23). */
  readonly trustedProxies: readonly string[];
  /** The names that clients may ask for in `Host`; every other is refused. */
  readonly allowedHosts: AllowedHosts;
  /** Where requests are counted (SR-22); `'none'` is for a listener that only the inside of the network reaches. */
  readonly rateLimits: RateLimitOptions | 'none';
  /** When requests are shed (SR-40); absent: as `limits.ts` says. `'never'`: as above. */
  readonly overload?: OverloadLimits | 'never';
  /** Proves callers; without one, every route is public or the server does not boot. */
  readonly authenticator?: Authenticator;
  /** Proves signed requests of services (SR-42); without one, no signature is looked at. */
  readonly signatures?: SignatureVerifier;
  /** Says who holds the other end of a connection; without one, nobody asks. */
  readonly peers?: PeerIdentifier;
  /** Told of what security cares about. */
  readonly observer: RequestObserver;
  /** Makes the span of each request; without one, none is made. */
  readonly tracer?: RequestTracer;
  /** Remembers idempotency keys; without one, no route may require them. */
  readonly idempotencyStore?: IdempotencyStore;
}

/**
 * Puts the steps in order. Some run for every request, some are attached to the routes that declare them; a public
 * route pays nothing for a token that it does not read.
 *
 * @returns the contracts of all routes, complete once the server is ready.
 */
export async function installPipeline(
  app: FastifyInstance,
  options: PipelineOptions,
): Promise<readonly RouteContract[]> {
  const contracts: RouteContract[] = [];
  const faults: RouteFault[] = [];
  const methods = createMethodIndex();
  app.decorateRequest('clientAddress', '');
  app.decorateRequest('contract', null);
  app.decorateRequest('peer', null);
  app.decorateRequest('principal', null);
  app.decorateRequest('unprovenBodyDigest', null);
  app.decorateRequest('payloadOrigin', null);
  app.decorateRequest('span', null);
  app.decorateRequest('trace', null);

  const { metrics, observer } = options;
  await installShedding(app, options.overload ?? {}, options); // 3, before all others: it takes nothing of them
  app.addHook('onRequest', createEntrance(options)); // 1, 2, 12
  const limits = await installRateLimits(app, options.rateLimits, {
    metrics,
    onLimited: observer.limited,
    headers: options.headers,
  }); // 4
  installBodyParser(app); // 7
  installValidator(app, options.schemas); // 8
  installSerialiser(app, options.schemas); // 11
  app.setErrorHandler(options.sendError);
  installNotFound(app, methods);

  app.addHook('onRoute', (route) => {
    if (isPreflightRoute(route)) {
      // What CORS has not answered by then is for a path that nobody offers.
      route.onRequest = [limits.countUnknown, ...listOf(route.onRequest)];
      return;
    }
    const read = readContract(route);
    if (read.faults.length === 0) read.faults.push(...limits.findFaults(read.contract));
    // A HEAD route that Fastify adds repeats what its GET route declares.
    if (!(route.method === 'HEAD' && faults.some(({ route: name }) => name === `GET ${route.url}`)))
      faults.push(...read.faults);
    // A route with a fault never serves: ready() throws below.
    if (read.faults.length > 0) return;
    contracts.push(read.contract);
    methods.add(read.contract.method, route.url);
    attachSteps(route, read.contract, limits, options);
  });
  app.addHook('onReady', (done) => done(faults.length > 0 ? new RouteContractError(faults) : undefined));
  await installCors(app, options.allowedOrigins); // 12, after the hooks above: it answers preflights itself
  app.addHook('onRequest', createRefuseUnknown(methods, limits.countUnknown)); // 4; what no route takes ends here, its body unread
  return contracts;
}

/**
 * The steps that every request takes and that wait for nothing, as one hook: each as a hook of its own would cost as much as
 * what most of them do.
 */
function createEntrance(options: PipelineOptions) {
  const { observer, connectionEnd } = options;
  const giveHeaders = createHeaders(options.headers, options.observe); // 12: whoever answers, headers and log line are there
  const correlate = createCorrelate(options.trustedProxies, options.tracer); // 1, and the span of 12
  const identifyPeer = options.peers === undefined ? undefined : createIdentifyPeer(options.peers, observer); // 1
  const screen = createScreenRequest(options.allowedHosts); // 2
  const watchOrigins = createWatchOrigins(options.allowedOrigins, observer); // 12

  const enter = (request: FastifyRequest, reply: FastifyReply): Error | undefined => {
    try {
      connectionEnd.count(request, reply);
      const refusal = identifyPeer?.(request) ?? screen(request);
      if (refusal === undefined) watchOrigins(request);
      return refusal;
    } catch (cause) {
      // Here, where the request has its context: beyond it, the log line would not know whose it is (SR-30).
      return new AppError('internal', { cause });
    }
  };
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    giveHeaders(request, reply);
    correlate(request, () => done(enter(request, reply)));
  };
}

/** The steps of one route, in their order; its own hooks run after them. */
function attachSteps(route: RouteOptions, contract: RouteContract, limits: RateLimits, options: PipelineOptions): void {
  const enter = (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
    request.contract = contract;
    done();
  };
  route.schema = closeSchema(route);
  route.onRequest = [
    enter,
    ...limits.stepsOf(contract, authenticateStep(contract.access, options)), // 4, 5
    ...authorizeStep(contract.access, options),
    createNegotiate(contract.produces),
    ...listOf(route.onRequest),
  ];
  if (WITH_BODY.has(contract.method)) {
    const wait = createBodyWait(options.inFlight);
    route.preParsing = [wait.before, ...listOf(route.preParsing)];
    route.preValidation = [wait.after, ...listOf(route.preValidation)];
  }
  if (signaturesFor(contract.access, options) !== undefined)
    route.preValidation = [refuseUnprovenBody, ...listOf(route.preValidation)]; // 7
  if (contract.idempotency === 'required')
    route.handler = createIdempotentHandler(route.handler, contract, options.idempotencyStore); // 9
  route.preSerialization = [...listOf(route.preSerialization), markSerialised];
  const last = contract.cache === undefined ? [] : [createCacheControl(contract)];
  route.onSend = [...listOf(route.onSend), createSerialise(contract), ...last]; // 11, 12
}

/** Step 5. */
function authenticateStep(access: Access, options: PipelineOptions) {
  const { authenticator, observer } = options;
  if (access === 'public') return undefined;
  if (authenticator === undefined)
    throw new TypeError(`the rule ${access.name} needs a caller, and the server has no authenticator`);
  const signatures = signaturesFor(access, options);
  const proveSigned = signatures === undefined ? undefined : createProveSigned(signatures, observer);
  return createAuthenticate(authenticator, proveSigned);
}

/** Step 6. */
function authorizeStep(access: Access, { observer }: PipelineOptions) {
  return access === 'public' ? [] : [createAuthorize(access, observer)];
}

/** What proves signatures on a route; none where no service can pass, so that nobody pays for what changes nothing. */
function signaturesFor(access: 'public' | AccessRule, { signatures }: PipelineOptions): SignatureVerifier | undefined {
  return access !== 'public' && mayAdmitServices(access.requires) ? signatures : undefined;
}

function listOf<Hook>(hooks: Hook | Hook[] | undefined): Hook[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? hooks : [hooks];
}
