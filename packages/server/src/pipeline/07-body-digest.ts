import type { Buffer } from 'node:buffer';

import { InvalidSignatureError, isDigestOf } from '@redoubt/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';

type Done = (error?: Error) => void;

/**
 * Compares a signed request's body, as its bytes came, with the digest that its caller signed (SR-42). Throws the 401 of
 * any other fault of a signature.
 */
export function assertSignedBody(request: FastifyRequest, body: Buffer): void {
  const digest = request.unprovenBodyDigest;
  if (digest === null) return;
  if (!isDigestOf(digest, body)) throw refusal();
  request.unprovenBodyDigest = null;
}

/** A body that was signed and that no parser has seen is not proven: whatever way led past the parser ends here (SR-30). */
export function refuseUnprovenBody(request: FastifyRequest, _reply: FastifyReply, done: Done): void {
  done(request.unprovenBodyDigest === null ? undefined : refusal());
}

function refusal(): AppError {
  return new AppError('unauthenticated', { cause: new InvalidSignatureError('digest') });
}
