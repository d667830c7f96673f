import type { FastifyReply, FastifyRequest } from 'fastify';

import { PROBLEM_MEDIA_TYPE } from '../errors/problem.ts';
import type { RouteContract } from '../route/route-contract.ts';

type Done = (error: Error | null, payload?: unknown) => void;

/**
 * Makes step 11 for one route: an answer leaves only with a status that the route declares and the media type that it
 * produces (SR-17). Without this check, a status without a schema would be sent as it is, every column of it.
 *
 * A payload that is an object was serialised through its response schema before this runs.
 */
export function createSerialise({ method, url, statuses, produces }: RouteContract) {
  const [mediaType = produces] = produces.split(';');
  return (_request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void => {
    const type = String(reply.getHeader('content-type') ?? '');
    const isProblem = type.startsWith(PROBLEM_MEDIA_TYPE);
    if (isProblem) {
      done(null, payload);
      return;
    }
    if (!statuses.has(reply.statusCode)) {
      done(new TypeError(`${method} ${url} answered ${reply.statusCode}, which its schema does not declare`));
      return;
    }
    if (payload !== null && payload !== undefined && !type.startsWith(mediaType)) {
      done(new TypeError(`${method} ${url} answered ${type}, but produces ${produces}`));
      return;
    }
    done(null, payload);
  };
}
