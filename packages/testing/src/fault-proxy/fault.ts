import type { IncomingHttpHeaders } from 'node:http';
import type { Buffer } from 'node:buffer';

/** A request as the proxy saw it, with its whole body. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer that the proxy gives by itself. `content-length` is set unless `headers` say otherwise. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What goes wrong with a request. */
export type Fault =
  /** The proxy answers, and the upstream is not asked. */
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** Nothing is answered, and the connection stays open until the client ends it. */
  | { readonly kind: 'hang' }
  /** The connection is reset without an answer. */
  | { readonly kind: 'cut' }
  /** The head of the answer and the first half of its body, then a reset; the upstream's answer where none is given. */
  | { readonly kind: 'truncate'; readonly answer?: Answer }
  /** The same half, then nothing: the connection stays open until the client ends it. */
  | { readonly kind: 'stall'; readonly answer?: Answer }
  /** The answer, whose body then goes on with the letter `a` for `totalBytes`, as fast as the client takes them. */
  | { readonly kind: 'flood'; readonly answer: Answer; readonly totalBytes: number }
  /** The upstream is asked once the promise is fulfilled. */
  | { readonly kind: 'delay'; readonly until: Promise<void> };

/** Which requests a fault meets. */
export interface FaultScope {
  /** The first so many requests; absent: all of them until the fault is removed. */
  readonly times?: number;
  /** Only requests of which this is true. */
  readonly when?: (request: SeenRequest) => boolean;
}

/** A fault that was injected, and what came of it. */
export interface InjectedFault {
  /** How many requests it has met. */
  readonly hits: number;
  /** How many of their connections the client has ended before it had an answer, or the whole of it. */
  readonly abandoned: number;
  /** Lets later requests pass; those that it has met stay as they are. */
  remove(): void;
}
