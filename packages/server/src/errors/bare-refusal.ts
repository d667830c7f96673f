import type { FastifyReply } from 'fastify';

import type { Headers } from '../pipeline/12-headers.ts';
import type { AppError } from './app-error.ts';
import { createProblem, PROBLEM_MEDIA_TYPE } from './problem.ts';

/** Stands where the correlation id will: it is no id, so that nothing else of the document looks like it. */
const PLACEHOLDER = '<request id>';

/**
 * Makes what answers with an error and costs as little as an answer can: everything but the correlation id is made once,
 * and nothing of the pipeline runs after it. For refusals of which there may be thousands in a second, while those before
 * them still have to be served; the headers and the document are those of every other error (SR-33, SR-37).
 */
export function createBareRefusal(error: AppError, headers: Headers): (reply: FastifyReply) => void {
  const [before = '', after = ''] = JSON.stringify(createProblem(error, PLACEHOLDER)).split(PLACEHOLDER);
  const fixed = Object.entries({
    ...headers,
    ...error.headers,
    'content-type': PROBLEM_MEDIA_TYPE,
    ...(error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
  }).flat();
  return (reply) => {
    const { id } = reply.request;
    // The answer is written past Fastify, whose hooks for answers have nothing to do with it.
    reply.hijack();
    const contentLength = String(before.length + id.length + after.length);
    reply.raw.writeHead(error.status, [...fixed, 'x-request-id', id, 'content-length', contentLength]);
    reply.raw.end(before + id + after);
  };
}
