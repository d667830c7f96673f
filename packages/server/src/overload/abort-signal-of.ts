import type { FastifyRequest } from 'fastify';

/** How Fastify describes the symbol under which it keeps the controller of `request.signal`. */
const CONTROLLER = 'fastify.request.signal';

/**
 * Aborts `request.signal`, so that a handler that listens to it stops. Fastify does so when the client goes away, and
 * gives no way to do it for another reason; the controller exists once the handler has asked for its signal. Should
 * Fastify keep it elsewhere one day, nothing is aborted, and the test of it fails.
 */
export function abortSignalOf(request: FastifyRequest, reason: Error): void {
  for (const symbol of Object.getOwnPropertySymbols(request)) {
    if (symbol.description !== CONTROLLER) continue;
    const controller: unknown = Reflect.get(request, symbol);
    if (controller instanceof AbortController) controller.abort(reason);
  }
}
