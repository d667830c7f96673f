import { Buffer } from 'node:buffer';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Answer, SeenRequest } from './fault.ts';

/** Where a proxy passes requests on to. */
export interface Upstream {
  /** `http:` or `https:`, host and port; requests keep their own path. */
  readonly url: string;
  /** The authority that signed the upstream's certificate, in PEM. */
  readonly ca?: string;
}

/** Headers of one hop (RFC 9110, section 7.6.1), and those that the proxy writes anew. */
const HOP_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'upgrade']);

/** Asks the upstream, on a connection of its own; the client's Host stays. Answers 502 when it cannot be asked. */
export function forward(upstream: Upstream, request: SeenRequest): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const failed = (): void => resolve({ status: 502, body: '' });
  const outgoing = open(upstream, request, (incoming) => {
    collect(incoming).then((body) => resolve(toAnswer(incoming, body)), failed);
  });
  outgoing.on('error', failed);
  outgoing.end(request.body);
  return promise;
}

function open(
  { url, ca }: Upstream,
  { method, path, headers, body }: SeenRequest,
  answered: (incoming: IncomingMessage) => void,
): ClientRequest {
  const target = new URL(path, url);
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name)));
  const options = { method, headers: { ...own, 'content-length': body.length }, agent: false } as const;
  if (target.protocol === 'http:') return requestHttp(target, options, answered);
  return requestHttps(target, { ...options, ...(ca === undefined ? {} : { ca }), servername: 'localhost' }, answered);
}

function toAnswer({ statusCode = 502, headers }: IncomingMessage, body: Buffer): Answer {
  const kept = Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name));
  return { status: statusCode, headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])), body };
}

/** All of a message's body. */
export async function collect(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
