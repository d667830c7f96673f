import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { RouteContract } from '../route/route-contract.ts';
import type { SchemaCompiler } from '../schemas/schema-compiler.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the payload of the answer comes from: the response schema, or the error handler. */
    payloadOrigin: 'serialised' | 'problem' | null;
  }
}

type Done = (error: Error | null, payload?: unknown) => void;

const JSON_MEDIA_TYPE = 'application/json';

/** Installs the functions that write answers, each from the schema that its route declares. */
export function installSerialiser(app: FastifyInstance, schemas: SchemaCompiler): void {
  app.setSerializerCompiler<object>(({ schema }) => schemas.serialiser(schema));
}

/** Runs for payloads that go through the response schema, and for no others. */
export function markSerialised(request: FastifyRequest, _reply: FastifyReply, payload: unknown, done: Done): void {
  request.payloadOrigin = 'serialised';
  done(null, payload);
}

/**
 * Makes step 11 for one route: an answer leaves only with a status that the route declares and the media type that it
 * produces, and JSON only through the response schema (SR-17). Without this check, a status without a schema, or JSON
 * that a handler wrote itself, would be sent as it is, every column of it.
 */
export function createSerialise({ method, url, statuses, produces }: RouteContract) {
  const [mediaType = produces] = produces.split(';');
  return (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void => {
    if (request.payloadOrigin === 'problem') {
      done(null, payload);
      return;
    }
    const type = String(reply.getHeader('content-type') ?? '');
    const fault = findFault(reply.statusCode, type, payload, request.payloadOrigin);
    if (fault === undefined) done(null, payload);
    else done(new TypeError(`${method} ${url} ${fault}`));
  };

  function findFault(status: number, type: string, payload: unknown, origin: 'serialised' | null): string | undefined {
    if (!statuses.has(status)) return `answered ${status}, which its schema does not declare`;
    if (payload === null || payload === undefined) return undefined;
    if (!type.startsWith(mediaType)) return `answered ${type}, but produces ${produces}`;
    if (mediaType !== JSON_MEDIA_TYPE || origin === 'serialised') return undefined;
    return 'answered JSON that did not go through its response schema: return an object';
  }
}
