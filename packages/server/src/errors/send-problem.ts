import { Buffer } from 'node:buffer';

import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Headers } from '../pipeline/12-headers.ts';
import type { RequestObserver } from '../pipeline/request-observer.ts';
import { AppError } from './app-error.ts';
import { classifyError } from './classify-error.ts';
import { isKeptByErrors } from './kept-headers.ts';
import { createProblem, PROBLEM_MEDIA_TYPE } from './problem.ts';

/** Answers whatever was thrown as a problem document. */
export type SendError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** Makes the one error handler (SR-37). It alone tells the observer what an answer may be a sign of. */
export function createSendError(
  headers: Headers,
  observer: Pick<RequestObserver, 'invalidInput' | 'extraneous' | 'notFound'>,
): SendError {
  return (error, request, reply) => {
    const shown = classifyAnswer(error, request);
    if (shown.status === 404) observer.notFound(request);
    if (shown.suspicion === 'invalid-input') observer.invalidInput(request);
    if (shown.suspicion === 'extraneous') observer.extraneous(request);
    return sendProblem(shown, request, reply, headers);
  };
}

function sendProblem(shown: AppError, request: FastifyRequest, reply: FastifyReply, headers: Headers): FastifyReply {
  request.payloadOrigin = 'problem';
  dropHeaders(reply, headers);
  report(shown, request);
  reply.code(shown.status).headers(headers).header('x-request-id', request.id).headers(shown.headers);
  reply.header('content-type', PROBLEM_MEDIA_TYPE);
  // RFC 9110, section 11.6.1: a 401 names the scheme, and nothing about what was wrong (SR-6).
  if (shown.status === 401 && !reply.hasHeader('www-authenticate')) reply.header('www-authenticate', 'Bearer');
  if (shown.retryAfterSeconds !== undefined) reply.header('retry-after', shown.retryAfterSeconds);
  // As bytes: to a text, Fastify adds a charset that the media type does not have (RFC 9457, section 6.1).
  return reply.send(Buffer.from(JSON.stringify(createProblem(shown, request.id))));
}

/** A fault of the body's own stream is the client's: it went away, or broke its own framing. */
function classifyAnswer(error: unknown, request: FastifyRequest): AppError {
  return error === request.raw.errored ? new AppError('invalid-request', { cause: error }) : classifyError(error);
}

/** What every answer carries is set anew right after it, and need not be taken away before. */
function dropHeaders(reply: FastifyReply, renewed: Headers): void {
  for (const name of Object.keys(reply.getHeaders())) {
    if (!Object.hasOwn(renewed, name) && !isKeptByErrors(name)) reply.removeHeader(name);
  }
}

/** The client learns the code; the log and the trace learn the cause. */
function report(error: AppError, request: FastifyRequest): void {
  // A 503 without a cause was decided, not suffered: the request's own line and a metric say it all.
  if (error.code === 'unavailable' && error.cause === undefined) return;
  if (error.status >= 500) {
    request.log.error({ err: error, code: error.code }, 'the request failed');
    request.span?.recordError(error.cause ?? error);
    return;
  }
  if (error.cause !== undefined) request.log.debug({ err: error, code: error.code }, 'the request was refused');
}
