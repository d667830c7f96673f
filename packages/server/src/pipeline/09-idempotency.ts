import { createHash } from 'node:crypto';

import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import type { RouteContract } from '../route/route-contract.ts';
import { callerOf } from './05-authenticate.ts';

/** An answer as it was stored, ready to be sent again. */
export interface StoredAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/** Whose key it is, and for what: the same key of another caller or another route is another key (SR-41). */
export interface IdempotencyScope {
  readonly userId: string;
  readonly route: string;
  readonly key: string;
  /** SHA-256 over the request, as base64url: the same key with another request is refused. */
  readonly fingerprint: string;
}

/** What became of a request that carries a key. */
export type IdempotencyOutcome =
  | { readonly kind: 'executed' | 'replayed'; readonly answer: StoredAnswer }
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'in-flight' };

/**
 * Runs a write at most once for a key. The key, what `execute` writes through the store's transaction, and the answer commit
 * together, or none of them does; two that arrive at once make one effect.
 */
export interface IdempotencyStore {
  run(
    request: FastifyRequest,
    scope: IdempotencyScope,
    execute: () => Promise<StoredAnswer>,
  ): Promise<IdempotencyOutcome>;
}

/** A key of the length that the draft standard's clients send: a UUID and more (SR-41). */
const KEY_PATTERN = /^[\x21-\x7e]{16,255}$/;

/**
 * Makes step 9 for one route: its handler runs inside the store's transaction and returns what it answers. Nothing is
 * sent before the commit, so that no client is told of an effect that was rolled back.
 */
export function createIdempotentHandler(
  handler: RouteHandlerMethod,
  contract: RouteContract,
  store: IdempotencyStore | undefined,
): RouteHandlerMethod {
  const route = `${contract.method} ${contract.url}`;
  if (store === undefined) throw new TypeError(`${route} requires an idempotency store, and the server has none`);
  return async function runOnce(request, reply) {
    const outcome = await store.run(request, scopeOf(request, route), async () => {
      const release = holdBack(reply);
      try {
        const payload: unknown = await handler.call(this, request, reply);
        // Given up meanwhile, and told to come again: then nothing of it may stand.
        if (reply.sent) throw new AppError('unavailable');
        return toAnswer(reply, payload, contract);
      } finally {
        release();
      }
    });
    // Given up during the commit: the same key asks for the answer.
    if (reply.sent) return reply;
    request.payloadOrigin = 'serialised';
    return send(reply, outcome);
  };
}

/** Makes `reply.send` throw until the function that comes back is called, but for errors, which tell of no write. */
function holdBack(reply: FastifyReply): () => void {
  const release = (): boolean => Reflect.deleteProperty(reply, 'send');
  const value = (payload: unknown): FastifyReply => {
    // A request that takes too long is answered while its transaction still runs.
    if (payload instanceof AppError) {
      release();
      return reply.send(payload);
    }
    throw new TypeError(
      'an idempotent handler returns its answer: sent now, it would tell of a write that may be rolled back',
    );
  };
  Object.defineProperty(reply, 'send', { value, configurable: true });
  return release;
}

function scopeOf(request: FastifyRequest, route: string): IdempotencyScope {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || !KEY_PATTERN.test(key)) {
    const message = 'an Idempotency-Key header of 16 to 255 printable characters is required';
    throw new AppError('invalid-request', { faults: [{ pointer: '', message }] });
  }
  return { userId: callerOf(request).userId, route, key, fingerprint: fingerprintOf(request) };
}

/** The body is parsed JSON without duplicate keys, so that its text is one for one request as a client repeats it. */
function fingerprintOf(request: FastifyRequest): string {
  return createHash('sha256')
    .update(request.url)
    .update('\n')
    .update(JSON.stringify(request.body ?? null))
    .digest('base64url');
}

/** Everything that could still be wrong with an answer is found here, before the commit. */
function toAnswer(reply: FastifyReply, payload: unknown, { method, url, statuses }: RouteContract): StoredAnswer {
  if (typeof payload !== 'object' || payload === null) throw new TypeError('an idempotent handler returns an object');
  const status = reply.statusCode;
  if (!statuses.has(status))
    throw new TypeError(`${method} ${url} answered ${status}, which its schema does not declare`);
  const location = reply.getHeader('location');
  const body = reply.serialize(payload);
  if (typeof body !== 'string') throw new TypeError('an idempotent answer is JSON');
  return { status, location: location === undefined ? undefined : String(location), body };
}

function send(reply: FastifyReply, outcome: IdempotencyOutcome): FastifyReply {
  if (outcome.kind === 'mismatch') throw new AppError('idempotency-key-reused');
  if (outcome.kind === 'in-flight') throw new AppError('idempotency-in-flight', { retryAfterSeconds: 1 });
  const { status, location, body } = outcome.answer;
  reply.code(status).type('application/json; charset=utf-8');
  if (location !== undefined) reply.header('location', location);
  if (outcome.kind === 'replayed') reply.header('idempotency-replayed', 'true');
  return reply.send(body);
}
