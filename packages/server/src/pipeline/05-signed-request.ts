import type { Buffer } from 'node:buffer';

import { InvalidSignatureError, type ServicePrincipal, type SignatureVerifier } from '@redoubt/auth';
import type { FastifyRequest } from 'fastify';

import type { RequestObserver } from './request-observer.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the caller signed as the body, until the body has been compared with it; `null` where nothing is left to compare. */
    unprovenBodyDigest: Buffer | null;
  }
}

/** Proves the signature of a request. Rejects on any fault. */
export type ProveSigned = (request: FastifyRequest) => Promise<ServicePrincipal>;

/** Whether a request asks to be known by its signature. */
export function isSigned({ headers }: FastifyRequest): boolean {
  return headers['signature-input'] !== undefined;
}

/**
 * Makes the part of step 5 for signed requests (SR-42). The head of the request is proven here; its body is compared with
 * the signed digest when it arrives, in step 7.
 */
export function createProveSigned(verify: SignatureVerifier, observer: Pick<RequestObserver, 'replayed'>): ProveSigned {
  return async (request) => {
    try {
      const { caller, bodyDigest } = await verify(request.raw);
      // Two proofs that contradict each other prove nobody.
      if (request.peer?.kind === 'service' && request.peer.serviceId !== caller.serviceId)
        throw new InvalidSignatureError('other-peer', caller.serviceId);
      request.unprovenBodyDigest = bodyDigest ?? null;
      return caller;
    } catch (error) {
      if (error instanceof InvalidSignatureError && error.reason === 'replayed') observer.replayed(request, error);
      throw error;
    }
  };
}
