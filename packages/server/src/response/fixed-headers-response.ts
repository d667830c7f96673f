import {
  type IncomingMessage,
  type OutgoingHttpHeaders,
  ServerResponse,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http';

import type { Headers } from '../pipeline/12-headers.ts';

declare module 'node:http' {
  interface OutgoingMessage {
    /** Puts the head of the message together: what `writeHead` calls with the status line and all headers. */
    _storeHeader(statusLine: string, headers: OutgoingHttpHeaders | readonly unknown[] | undefined): void;
  }
}

/** Makes responses as Node's own, which an HTTP server takes as its option `ServerResponse`. */
export type ResponseClass = typeof ServerResponse;

/** What an id is made of. */
const ID = /^[A-Za-z0-9-]+$/;

/** Which headers are written without Node's look at them. */
export interface KnownHeaders {
  /** What every answer begins with: names in lower case, and values that never change. */
  readonly fixed: Headers;
  /** Names of further ones whose values are numbers or ids. A value that is neither is left to Node. */
  readonly plain: readonly string[];
}

/**
 * Makes a class of responses that write the fixed headers as one finished text, if an answer has them, unchanged and before
 * its own ones, and after them the plain ones: Node looks at every character of every name and value, and adds each piece by
 * itself, which for a dozen headers that never change costs as much as Fastify's own work for a request. An answer that
 * changed or dropped a fixed one is written by Node as it is, header by header. Neither list may name what Node itself
 * decides by: `Connection`, `Content-Length`, `Date`, `Transfer-Encoding`, `Trailer`.
 *
 * `_storeHeader` is Node's own and not documented: should it be called otherwise one day, the headers are written by Node
 * alone, and the test of this class says so.
 *
 * @throws {TypeError} for a name or a value that Node would not send.
 */
export function createResponseClass({ fixed, plain }: KnownHeaders): ResponseClass {
  const names = Object.keys(fixed);
  const values = Object.values(fixed);
  const plainNames = new Set(plain);
  for (const name of [...names, ...plain]) validateHeaderName(name);
  for (const [name, value] of Object.entries(fixed)) validateHeaderValue(name, value);
  const block = names.map((name, index) => `${name}: ${values[index]}\r\n`).join('');

  return class FixedHeadersResponse<Request extends IncomingMessage> extends ServerResponse<Request> {
    override _storeHeader(statusLine: string, headers: OutgoingHttpHeaders | readonly unknown[] | undefined): void {
      const others: unknown[] = [];
      const head = takeKnown(headers, others);
      if (head === undefined) super._storeHeader(statusLine, headers);
      else super._storeHeader(statusLine + head, others);
    }
  };

  /**
   * The known headers as they are written; all others are added to `others`, names and values by turns. `undefined` where the
   * fixed ones do not stand first, as they are.
   */
  function takeKnown(
    headers: OutgoingHttpHeaders | readonly unknown[] | undefined,
    others: unknown[],
  ): string | undefined {
    if (headers === undefined || Array.isArray(headers)) return undefined;
    let taken = 0;
    let head = block;
    for (const name in headers as OutgoingHttpHeaders) {
      const value = (headers as OutgoingHttpHeaders)[name];
      if (taken < names.length) {
        // The same text, not another one that is equal: a comparison of two pointers.
        if (name !== names[taken] || value !== values[taken]) return undefined;
        taken += 1;
      } else if (plainNames.has(name) && isPlain(value)) head += `${name}: ${String(value)}\r\n`;
      else others.push(name, value);
    }
    return taken === names.length ? head : undefined;
  }
}

/** A number, or an id. */
function isPlain(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && ID.test(value));
}
