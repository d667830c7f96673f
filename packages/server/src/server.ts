import type { Logger } from '@redoubt/logging';
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
import { sendError } from './errors/send-problem.ts';
import {
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  MAX_BODY_BYTES,
  MAX_HEADER_BYTES,
  MAX_URL_BYTES,
  REQUEST_TIMEOUT_MS,
  TIMEOUT_CHECK_INTERVAL_MS,
} from './limits.ts';
import { createRequestIdSource } from './pipeline/01-correlation.ts';
import type { Metrics } from './management/metrics.ts';
import { decideHeaders } from './pipeline/12-headers.ts';
import { createObserve } from './pipeline/12-observe.ts';
import { installPipeline, type PipelineOptions } from './pipeline/index.ts';
import type { RouteContract } from './route/route-contract.ts';

/** A Fastify server whose routes take their types from TypeBox schemas. */
export type Server = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What a server is made of. */
export interface ServerOptions extends Omit<PipelineOptions, 'headers' | 'observe'> {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Addresses or CIDR blocks of the hops whose forwarding headers and request ids are believed (SR-23). */
  readonly trustedProxies: readonly string[];
}

declare module 'fastify' {
  interface FastifyInstance {
    /** What each route declares, complete once the server is ready. */
    readonly routeContracts: readonly RouteContract[];
  }
}

/**
 * Creates a server with the whole pipeline in place. Routes are added to what it returns; `ready()` rejects with a
 * `RouteContractError` when one of them leaves something open.
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  const headers = await decideHeaders();
  const observe = createObserve(options.logger, options.metrics);
  const createId = createRequestIdSource(options.trustedProxies);
  const logger: FastifyBaseLogger = options.logger;
  const app = fastify({
    ...transportOptions,
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
      observe(request, reply);
      void sendError(error, request, reply, headers);
    },
  });
  // An expectation that Node does not know is ignored, as RFC 9110, section 10.1.1 allows, and not answered bare.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.server.on('connect', createConnectHandler(headers));
  app.decorate('routeContracts', await installPipeline(app, { ...options, headers, observe }));
  return app.withTypeProvider<TypeBoxTypeProvider>();
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
