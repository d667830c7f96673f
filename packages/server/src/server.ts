import { type Logger, requestContext } from '@redoubt/logging';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import {
  fastify,
  type FastifyBaseLogger,
  type FastifyInstance,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';

import { createClientErrorHandler, createConnectHandler } from './errors/client-error.ts';
import { createSendError } from './errors/send-problem.ts';
import {
  HANDLER_SWEEP_INTERVAL_MS,
  HANDLER_TIMEOUT_MS,
  MAX_BODY_BYTES,
  MAX_HEADER_BYTES,
  MAX_URL_BYTES,
} from './limits.ts';
import { InFlight } from './overload/in-flight.ts';
import { createRequestIdSource, keepClientAddress } from './pipeline/01-correlation.ts';
import { createConnectionEnd } from './pipeline/01-end-connection.ts';
import { decideHeaders, PLAIN_HEADERS } from './pipeline/12-headers.ts';
import { createObserve } from './pipeline/12-observe.ts';
import { installPipeline, type PipelineOptions } from './pipeline/index.ts';
import { createSafeObserver, type RequestObserver } from './pipeline/request-observer.ts';
import { createResponseClass, type ResponseClass } from './response/fixed-headers-response.ts';
import type { RouteContract } from './route/route-contract.ts';
import { SchemaCompiler } from './schemas/schema-compiler.ts';
import type { UsedSchema } from './schemas/used-schema.ts';
import { createTlsListener } from './tls/tls-listener.ts';
import type { TlsMaterial } from './tls/tls-material.ts';
import {
  applyTransportLimits,
  defaultTransportLimits,
  toServerOptions,
  type TransportLimits,
} from './transport-limits.ts';

/** A Fastify server whose routes take their types from TypeBox schemas. */
export type Server = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What a server is made of. */
export interface ServerOptions extends Omit<
  PipelineOptions,
  'headers' | 'observe' | 'sendError' | 'observer' | 'inFlight' | 'connectionEnd' | 'schemas'
> {
  readonly logger: Logger;
  /** Told of what security cares about, as far as it listens. */
  readonly observer?: Partial<RequestObserver>;
  /** Makes the listener speak TLS with peers that have a client certificate (SR-28); it needs `peers`. Absent: plain HTTP. */
  readonly tls?: TlsMaterial;
  /** For tests, which cannot wait as long as a slow client; absent: the numbers of `limits.ts` (SR-39). */
  readonly transport?: Partial<TransportLimits>;
  /** Likewise, for handlers. */
  readonly handlerTimeoutMs?: number;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** What each route declares, complete once the server is ready. */
    readonly routeContracts: readonly RouteContract[];
    /**
     * The schemas that this start compiled, complete once the server is ready: all of them where sources run, none in a
     * bundle, for which the build has done it.
     */
    readonly compiledSchemas: readonly UsedSchema[];
    /**
     * Takes a new certificate, key and client authority for the connections to come; established ones go on. Throws a
     * `TlsMaterialError` for material that cannot be used, and keeps the old; a `TypeError` on a plain listener.
     */
    readonly reloadTls: (material: TlsMaterial) => void;
    /** From now on every answer ends its connection: for a server that is about to close (SR-38). */
    readonly endConnections: () => void;
  }
}

/**
 * Creates a server with the whole pipeline in place. Routes are added to what it returns; `ready()` rejects with a
 * `RouteContractError` when one of them leaves something open.
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  const headers = await decideHeaders();
  const transport = { ...defaultTransportLimits, ...options.transport };
  const inFlight = createInFlight(options);
  const connectionEnd = createConnectionEnd(transport.maxRequestsPerConnection, inFlight);
  const observe = createObserve(options.logger, options.metrics, (reply) => inFlight.end(reply));
  const observer = createSafeObserver(options.observer ?? {});
  const sendError = createSendError(headers, observer);
  const createId = createRequestIdSource(options.trustedProxies);
  const logger: FastifyBaseLogger = options.logger;
  const responseClass = createResponseClass({ fixed: headers, plain: PLAIN_HEADERS });
  const listener = createListener(options, transport, responseClass);
  const app = fastify({
    ...fastifyOptions,
    requestTimeout: transport.requestTimeoutMs,
    keepAliveTimeout: transport.keepAliveTimeoutMs,
    http: {
      ...toServerOptions(transport),
      maxHeaderSize: MAX_HEADER_BYTES,
      requireHostHeader: false,
      ServerResponse: responseClass,
    },
    // `https` is there for the address that Fastify announces; the factory makes the server.
    ...(listener === undefined ? {} : { serverFactory: listener.serverFactory, https: {} }),
    loggerInstance: logger,
    // The correlation id reaches a line through its context, so that a child logger for each request is not needed.
    childLoggerFactory: (root) => root,
    // The pipeline writes its own line.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: createId,
    requestIdHeader: false,
    // Never `true` and never a number: a list of hops, or nobody (SR-23).
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    clientErrorHandler: createClientErrorHandler(headers, options.logger),
    frameworkErrors: (error, request, reply) => {
      // No hook runs for an address that the router cannot read, so it is watched from here.
      keepClientAddress(request);
      observe(request, reply);
      void requestContext.run({ requestId: request.id }, () => sendError(error, request, reply));
    },
  });
  applyTransportLimits(app.server, transport, () => options.metrics.countShed('connections'));
  // An expectation that Node does not know is ignored, as RFC 9110, section 10.1.1 allows, and not answered bare.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.server.on('connect', createConnectHandler(headers));
  const schemas = new SchemaCompiler();
  const internal = { headers, observe, observer, sendError, inFlight, connectionEnd, schemas };
  app.decorate('routeContracts', await installPipeline(app, { ...options, ...internal }));
  app.decorate('compiledSchemas', schemas.compiled);
  app.decorate('reloadTls', listener?.reload ?? refuseReload);
  app.decorate('endConnections', connectionEnd.endAll);
  return app.withTypeProvider<TypeBoxTypeProvider>();
}

/** A certificate alone says little: without a list of peers, anybody whom the authority certified would be let in. */
function createListener(
  { tls, peers, logger }: ServerOptions,
  transport: TransportLimits,
  responseClass: ResponseClass,
) {
  if (tls === undefined) return undefined;
  if (peers === undefined) throw new TypeError('a TLS listener needs peers: who may connect, by name');
  return createTlsListener(tls, { logger, transport, responseClass });
}

function createInFlight({ metrics, handlerTimeoutMs = HANDLER_TIMEOUT_MS }: ServerOptions): InFlight {
  return new InFlight({
    timeoutMs: handlerTimeoutMs,
    sweepIntervalMs: Math.min(handlerTimeoutMs, HANDLER_SWEEP_INTERVAL_MS),
    onTimeout: () => metrics.countShed('handler-timeout'),
  });
}

function refuseReload(): never {
  throw new TypeError('a plain listener has no certificate');
}

const fastifyOptions = {
  bodyLimit: MAX_BODY_BYTES,
  routerOptions: { maxParamLength: MAX_URL_BYTES },
  // While the server drains it serves what still arrives and closes the connection after it: nothing is dropped.
  return503OnClosing: false,
  forceCloseConnections: 'idle',
} as const;
