import type { OutgoingHttpHeaders } from 'node:http';

import type { FastifyReply } from 'fastify';

import type { Headers } from '../pipeline/12-headers.ts';
import type { AppError } from './app-error.ts';
import { isKeptByErrors } from './kept-headers.ts';
import { createProblem, PROBLEM_MEDIA_TYPE } from './problem.ts';

/** Stands where the correlation id will: it is no id, so that nothing else of the document looks like it. */
const PLACEHOLDER = '<request id>';

/**
 * Makes what answers with an error and costs as little as an answer can: everything but the correlation id is made once,
 * and nothing of the pipeline runs after it. For refusals of which there may be thousands in a second, while those before
 * them still have to be served; the headers and the document are those of every other error (SR-33, SR-37).
 */
export function createBareRefusal(error: AppError, headers: Headers): (reply: FastifyReply) => void {
  const textOf = prepareText(error);
  const fixed = Object.entries({
    ...headers,
    ...error.headers,
    'content-type': PROBLEM_MEDIA_TYPE,
    ...(error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
  }).flat();
  return (reply) => {
    const { id } = reply.request;
    const text = textOf(id);
    // The answer is written past Fastify, whose hooks for answers have nothing to do with it.
    reply.hijack();
    reply.raw.writeHead(error.status, [...fixed, 'x-request-id', id, 'content-length', String(text.length)]);
    reply.raw.end(text);
  };
}

/**
 * Makes what answers a caller that is over its limit: the same for a request that has been on its way through the first
 * steps, and may have headers of theirs. Whoever goes on asking costs next to nothing (SR-22, SR-40).
 *
 * @param error an error of the code that all refusals have which it will answer.
 */
export function createLimitedRefusal(
  error: AppError,
  headers: Headers,
): (reply: FastifyReply, retryAfterSeconds: number) => void {
  const textOf = prepareText(error);
  return (reply, retryAfterSeconds) => {
    // Given up while its caller was still being proven or counted: answered already.
    if (reply.sent || reply.raw.headersSent) return;
    const { id } = reply.request;
    const text = textOf(id);
    const sent: Record<string, unknown> = { ...headers, 'x-request-id': id };
    for (const [name, value] of Object.entries(reply.getHeaders())) if (isKeptByErrors(name)) sent[name] = value;
    sent['content-type'] = PROBLEM_MEDIA_TYPE;
    sent['retry-after'] = retryAfterSeconds;
    sent['content-length'] = text.length;
    // First, so that headers which Node does not send are an error of Fastify's, and not a request that nobody answers.
    reply.raw.writeHead(error.status, sent as OutgoingHttpHeaders);
    reply.hijack();
    reply.raw.end(text);
  };
}

/** The document of an error, made but for the correlation id. All of it is ASCII: its length is that of its bytes. */
function prepareText(error: AppError): (requestId: string) => string {
  const [before = '', after = ''] = JSON.stringify(createProblem(error, PLACEHOLDER)).split(PLACEHOLDER);
  return (requestId) => before + requestId + after;
}
