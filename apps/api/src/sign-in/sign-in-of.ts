import type { SignIn } from '@redoubt/auth';
import type { FastifyRequest } from 'fastify';

/**
 * Who signed in by this request, and how (RFC 8176): a password alone, `pwd`, makes a `standard` session. A second
 * factor gives its own method here, and `aal2`.
 */
export function signInOf(request: FastifyRequest, userId: string, method: 'pwd'): SignIn {
  return {
    userId,
    profile: 'standard',
    method,
    clientAddress: request.clientAddress,
    userAgent: request.headers['user-agent'],
  };
}
