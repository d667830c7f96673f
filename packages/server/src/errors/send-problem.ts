import { Buffer } from 'node:buffer';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Headers } from '../pipeline/12-headers.ts';
import type { AppError } from './app-error.ts';
import { classifyError } from './classify-error.ts';
import { createProblem, PROBLEM_MEDIA_TYPE } from './problem.ts';

/**
 * Installs the one error handler (SR-37). The headers are set again, because a handler may have set its own for an
 * answer that is not sent now.
 */
export function installErrorHandler(app: FastifyInstance, headers: Headers): void {
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, headers));
}

/** Answers `error` as a problem document, whatever was thrown. */
export function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  headers: Headers,
): FastifyReply {
  const shown = classifyError(error);
  report(shown, request);
  reply.code(shown.status).headers(headers).header('x-request-id', request.id).headers(shown.headers);
  reply.header('content-type', PROBLEM_MEDIA_TYPE);
  // RFC 9110, section 11.6.1: a 401 names the scheme, and nothing about what was wrong (SR-6).
  if (shown.status === 401 && !reply.hasHeader('www-authenticate')) reply.header('www-authenticate', 'Bearer');
  if (shown.retryAfterSeconds !== undefined) reply.header('retry-after', shown.retryAfterSeconds);
  // As bytes: to a text, Fastify adds a charset that the media type does not have (RFC 9457, section 6.1).
  return reply.send(Buffer.from(JSON.stringify(createProblem(shown, request.id))));
}

/** The client learns the code; the log learns the cause. */
function report(error: AppError, request: FastifyRequest): void {
  if (error.status >= 500) {
    request.log.error({ err: error, code: error.code }, 'the request failed');
    return;
  }
  if (error.cause !== undefined) request.log.debug({ err: error, code: error.code }, 'the request was refused');
}
