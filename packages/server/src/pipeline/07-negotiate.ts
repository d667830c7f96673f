import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

import { AppError } from '../errors/app-error.ts';

type Done = (error?: Error) => void;

/** Makes the first half of step 7 for a route: a client that accepts nothing the route produces gets 406 (SR-36). */
export function createNegotiate(produces: string) {
  const [mediaType = produces] = produces.split(';');
  return (request: FastifyRequest, _reply: FastifyReply, done: Done): void => {
    const { accept } = request.headers;
    if (accept === undefined || accept === '*/*' || accept === mediaType) {
      done();
      return;
    }
    const acceptable = new Negotiator(request.raw).mediaTypes([mediaType]).length > 0;
    done(acceptable ? undefined : new AppError('not-acceptable'));
  };
}
