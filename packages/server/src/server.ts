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
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  MAX_BODY_BYTES,
  MAX_HEADER_BYTES,
  MAX_URL_BYTES,
  REQUEST_TIMEOUT_MS,
  TIMEOUT_CHECK_INTERVAL_MS,
} from './limits.ts';
import { createRequestIdSource, keepClientAddress } from './pipeline/01-correlation.ts';
import type { Metrics } from './management/metrics.ts';
import { decideHeaders } from './pipeline/12-headers.ts';
import { createObserve } from './pipeline/12-observe.ts';
import { installPipeline, type PipelineOptions } from './pipeline/index.ts';
import { createSafeObserver, type RequestObserver } from './pipeline/request-observer.ts';
import type { RouteContract } from './route/route-contract.ts';
import { createTlsListener } from './tls/tls-listener.ts';
import type { TlsMaterial } from './tls/tls-material.ts';

/** A Fastify server whose routes take their types from TypeBox schemas. */
export type Server = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What a server is made of. */
export interface ServerOptions extends Omit<PipelineOptions, 'headers' | 'observe' | 'sendError' | 'observer'> {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told of what security cares about, as far as it listens. */
  readonly observer?: Partial<RequestObserver>;
  /** Makes the listener speak TLS with peers that have a client certificate (SR-28); it needs `peers`. Absent: plain HTTP. */
  readonly tls?: TlsMaterial;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** What each route declares, complete once the server is ready. */
    readonly routeContracts: readonly RouteContract[];
    /**
     * Takes a new certificate, key and client authority for the connections to come; established ones go on. Throws a
     * `TlsMaterialError` for material that cannot be used, and keeps the old; a `TypeError` on a plain listener.
     */
    readonly reloadTls: (material: TlsMaterial) => void;
  }
}

/**
 * Creates a server with the whole pipeline in place. Routes are added to what it returns; `ready()` rejects with a
 * `RouteContractError` when one of them leaves something open.
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  const headers = await decideHeaders();
  const observe = createObserve(options.logger, options.metrics);
  const observer = createSafeObserver(options.observer ?? {});
  const sendError = createSendError(headers, observer);
  const createId = createRequestIdSource(options.trustedProxies);
  const logger: FastifyBaseLogger = options.logger;
  const listener = createListener(options);
  const app = fastify({
    ...transportOptions,
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
  // An expectation that Node does not know is ignored, as RFC 9110, section 10.1.1 allows, and not answered bare.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.server.on('connect', createConnectHandler(headers));
  app.decorate('routeContracts', await installPipeline(app, { ...options, headers, observe, observer, sendError }));
  app.decorate('reloadTls', listener?.reload ?? refuseReload);
  return app.withTypeProvider<TypeBoxTypeProvider>();
}

/** A certificate alone says little: without a list of peers, anybody whom the authority certified would be let in. */
function createListener({ tls, peers, logger }: ServerOptions) {
  if (tls === undefined) return undefined;
  if (peers === undefined) throw new TypeError('a TLS listener needs peers: who may connect, by name');
  return createTlsListener(tls, logger);
}

function refuseReload(): never {
  throw new TypeError('a plain listener has no certificate');
}

const transportOptions = {
  bodyLimit: MAX_BODY_BYTES,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  routerOptions: { maxParamLength: MAX_URL_BYTES },
  http: {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requireHostHeader: false,
    connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
  },
  // While the server drains it serves what still arrives and closes the connection after it: nothing is dropped.
  return503OnClosing: false,
  forceCloseConnections: 'idle',
} as const;
