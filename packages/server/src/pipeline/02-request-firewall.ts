import type { FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { MAX_HEADER_COUNT, MAX_URL_BYTES } from '../limits.ts';

type Done = (error?: Error) => void;

/** Step 2: refuses what no honest client of a JSON API sends, before any of it is looked at (SR-21). */
export function screenRequest({ raw }: FastifyRequest, _reply: FastifyReply, done: Done): void {
  done(findFault(raw.url ?? '', raw.headers.host, raw.rawHeaders.length / 2));
}

function findFault(url: string, host: string | undefined, headerCount: number): AppError | undefined {
  if (url.length > MAX_URL_BYTES) return new AppError('url-too-long');
  if (headerCount > MAX_HEADER_COUNT) return new AppError('headers-too-large');
  // Node would answer this one itself, without a body and without our headers (RFC 9112, section 3.2).
  if (host === undefined || host === '')
    return new AppError('invalid-request', { faults: [{ pointer: '', message: 'must name a host' }] });
  return undefined;
}
