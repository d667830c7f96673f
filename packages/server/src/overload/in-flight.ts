import { requestContext } from '@redoubt/logging';
import type { FastifyReply } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { abortSignalOf } from './abort-signal-of.ts';

/** A handler took longer than it may. What it started goes on until its own deadlines. */
class HandlerTimeoutError extends Error {
  override readonly name = 'HandlerTimeoutError';

  constructor(timeoutMs: number) {
    super(`the request was not answered within ${timeoutMs} ms`);
  }
}

/** How long requests may be in work. */
export interface InFlightOptions {
  readonly timeoutMs: number;
  readonly sweepIntervalMs: number;
  /** Told of each request that was given up. */
  readonly onTimeout: () => void;
}

/** Whoever was given up may come again after this many seconds. */
const RETRY_AFTER_SECONDS = 1;

/**
 * The requests that are in work: how many, and since when. A request whose body is still on its way is not: a client
 * that sends slowly takes nobody's place.
 *
 * Requests that are in work for too long are answered with 503 (SR-39). One timer looks for all of them: Fastify's own
 * `handlerTimeout` costs a timer, a controller and a listener for each request, which is a tenth of what it costs in all,
 * and counts the time that the client takes for its body.
 */
export class InFlight {
  readonly #options: InFlightOptions;
  /** In the order of the start: what was begun first stands first. */
  readonly #startedAt = new Map<FastifyReply, number>();
  readonly #waiting = new Set<FastifyReply>();
  readonly #sweep: NodeJS.Timeout;

  constructor(options: InFlightOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => this.#endOverdue(), options.sweepIntervalMs);
    this.#sweep.unref();
  }

  get size(): number {
    return this.#startedAt.size;
  }

  /** The request is in work from now on, unless its client has gone. */
  begin(reply: FastifyReply): void {
    if (this.#waiting.size > 0) this.#waiting.delete(reply);
    if (!reply.raw.closed) this.#startedAt.set(reply, performance.now());
  }

  /** The request waits for its body, which its client sends as slowly as it likes. */
  wait(reply: FastifyReply): void {
    this.#startedAt.delete(reply);
    if (!reply.raw.closed) this.#waiting.add(reply);
  }

  /** The request is answered, or its client has gone. */
  end(reply: FastifyReply): void {
    this.#startedAt.delete(reply);
    if (this.#waiting.size > 0) this.#waiting.delete(reply);
  }

  /** Those that are not answered yet, whether in work or waiting for their bodies. */
  unanswered(): readonly FastifyReply[] {
    return [...this.#startedAt.keys(), ...this.#waiting];
  }

  /** Looks no more. */
  close(): void {
    clearInterval(this.#sweep);
  }

  #endOverdue(): void {
    const latest = performance.now() - this.#options.timeoutMs;
    for (const [reply, startedAt] of this.#startedAt) {
      if (startedAt > latest) return;
      this.#startedAt.delete(reply);
      requestContext.run({ requestId: reply.request.id }, () => this.#giveUp(reply));
    }
  }

  #giveUp(reply: FastifyReply): void {
    const cause = new HandlerTimeoutError(this.#options.timeoutMs);
    this.#options.onTimeout();
    try {
      abortSignalOf(reply.request, cause);
      // An answer that has begun cannot be taken back; the client must not take it for a whole one.
      if (reply.raw.headersSent) reply.raw.destroy(cause);
      else if (!reply.sent) reply.send(new AppError('unavailable', { cause, retryAfterSeconds: RETRY_AFTER_SECONDS }));
    } catch (error) {
      // A listener of the signal threw: the others still deserve their answers.
      reply.request.log.error({ err: error }, 'a request could not be given up');
      reply.raw.destroy();
    }
  }
}
