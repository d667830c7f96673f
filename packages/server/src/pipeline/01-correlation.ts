import { BlockList, isIPv6 } from 'node:net';
import type { IncomingMessage } from 'node:http';

import { createUuidV7, requestContext } from '@redoubt/logging';
import type { FastifyRequest } from 'fastify';

import { enterTrace, type RequestTracer } from './12-trace.ts';

/** The header that carries the correlation id, in and out. */
const REQUEST_ID_HEADER = 'x-request-id';

/** What a trusted hop may send as a correlation id (SR-47). */
const REQUEST_ID_PATTERN = /^[A-Za-z0-9-]{8,64}$/;

/** W3C Trace Context, section 3.2: version 00, and ids that are not all zeros. */
const TRACEPARENT_PATTERN = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Makes the function that gives each request its correlation id: the header's value when a trusted hop sent a
 * well-formed one, a new UUIDv7 otherwise (SR-47). A client's own id is never believed.
 */
export function createRequestIdSource(trustedProxies: readonly string[]): (message: IncomingMessage) => string {
  const trusted = createBlockList(trustedProxies);
  return (message) => {
    const sent = message.headers[REQUEST_ID_HEADER];
    if (typeof sent !== 'string' || !REQUEST_ID_PATTERN.test(sent)) return createUuidV7();
    return isTrusted(trusted, message.socket.remoteAddress) ? sent : createUuidV7();
  };
}

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Where the request comes from (SR-23), as it was when it arrived: `ip` of Fastify asks the socket, which no longer
     * knows once the client has hung up.
     */
    clientAddress: string;
  }
}

/** A socket that was closed before its request was looked at. */
const UNKNOWN_ADDRESS = 'unknown';

/** Keeps the address of the client for the whole request. Called before anything else can ask for it. */
export function keepClientAddress(request: FastifyRequest): void {
  const address: string | undefined = request.ip;
  request.clientAddress = address ?? UNKNOWN_ADDRESS;
}

/**
 * Makes the step that runs the rest of the request inside its context, so that every log line carries the correlation
 * id and the trace. A trace is joined when a trusted hop sent it well-formed; a stranger's is not read (SR-47).
 */
export function createCorrelate(trustedProxies: readonly string[], tracer?: RequestTracer) {
  const trusted = createBlockList(trustedProxies);
  return (request: FastifyRequest, rest: () => void): void => {
    const { traceparent } = request.headers;
    const isCarried =
      typeof traceparent === 'string' &&
      TRACEPARENT_PATTERN.test(traceparent) &&
      isTrusted(trusted, request.socket.remoteAddress);
    enterTrace(request, isCarried ? traceparent : undefined, tracer);
    requestContext.run({ requestId: request.id, ...request.trace }, rest);
  };
}

function createBlockList(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of addresses) {
    const [address = '', prefix] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list;
}

function isTrusted(list: BlockList, address: string | undefined): boolean {
  if (address === undefined) return false;
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
