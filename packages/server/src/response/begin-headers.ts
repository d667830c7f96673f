import type { FastifyReply } from 'fastify';

import type { Headers } from '../pipeline/12-headers.ts';

/** How Fastify describes the symbol under which it keeps the headers of an answer. */
const HEADERS = 'fastify.reply.headers';

/** Known once the first answer was looked at; `null` where Fastify keeps them elsewhere. */
let headersSymbol: symbol | null | undefined;

/**
 * Gives an answer that has no header yet its first ones, in lower case: as `reply.headers()` does, which looks at each name
 * and costs ten times as much as a copy of the whole. Should Fastify keep its headers elsewhere one day, they are set by its
 * own method, and the test of this function fails.
 */
export function beginHeaders(reply: FastifyReply, headers: Headers): void {
  headersSymbol ??= Object.getOwnPropertySymbols(reply).find(({ description }) => description === HEADERS) ?? null;
  if (headersSymbol === null) reply.headers(headers);
  else Reflect.set(reply, headersSymbol, { ...headers });
}
