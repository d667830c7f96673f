import { Buffer } from 'node:buffer';
// oxlint-disable-next-line no-restricted-imports -- the transport of Azure's SDK, which also asks metadata addresses that @redoubt/outbound reaches for nobody
import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
// oxlint-disable-next-line no-restricted-imports -- the transport of Azure's SDK, which also asks metadata addresses that @redoubt/outbound reaches for nobody
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  createHttpHeaders,
  type HttpClient,
  type HttpHeaders,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { MAX_SECRET_BYTES } from '../secret-provider.ts';
import type { AzureCloud } from './azure-cloud.ts';
import { AzureFault, connectionFault } from './azure-fault.ts';

/** In JSON each byte of a value takes six at most, as `\u0000` does; beside it are its id, its attributes and tags. */
const MAX_ANSWER_BYTES = 6 * MAX_SECRET_BYTES + 64 * 1024;

/** Sockets for one host: secrets are few, and are read one after the other but at the start. */
const MAX_SOCKETS = 4;

/** Key Vault ends idle connections after minutes; kept for one minute, a connection is there for the next refresh. */
const IDLE_SOCKET_MS = 60_000;

/**
 * The HTTP client below the SDK, in place of its own: what it reads is bounded and has to be UTF-8, an attempt that is
 * ended frees its socket, few sockets are open, and no proxy is taken from the environment, which would see the tokens
 * that the metadata service gives over plain HTTP.
 */
export class AzureHttpClient implements HttpClient {
  readonly #https: HttpsAgent;
  readonly #http: HttpAgent;

  constructor({ ca, lookup }: Pick<AzureCloud, 'ca' | 'lookup'> = {}) {
    const options = { keepAlive: true, maxSockets: MAX_SOCKETS, maxFreeSockets: 1, timeout: IDLE_SOCKET_MS };
    const resolver = lookup === undefined ? {} : { lookup };
    this.#http = new HttpAgent({ ...options, ...resolver });
    this.#https = new HttpsAgent({ ...options, ...resolver, ...(ca === undefined ? {} : { ca }) });
  }

  /**
   * Sends a request as it is: redirects, retries and content encodings are nobody's business here.
   *
   * @throws {AzureFault} when there is no answer, or none that can be taken.
   */
  sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
    return this.send(request, request.abortSignal as AbortSignal | undefined);
  }

  /** The same, ended by another signal. */
  async send(request: PipelineRequest, signal: AbortSignal | undefined): Promise<PipelineResponse> {
    assertMaySend(request);
    if (isOver(signal)) throw new AzureFault('timeout', 'The attempt was ended before it began.');
    try {
      // That an idle connection was ended may be known to the system already, and not yet to the agent that keeps it.
      await nextTurn();
      const answer = await this.#open(request, signal);
      const bodyAsText = decode(await readBody(answer), answer);
      return { request, status: answer.statusCode ?? 0, headers: headersOf(answer), bodyAsText };
    } catch (error) {
      if (error instanceof AzureFault) throw error;
      throw connectionFault(error, isOver(signal) ? 'ended by us' : 'failed');
    }
  }

  /** Ends every connection, busy or idle. */
  close(): void {
    this.#https.destroy();
    this.#http.destroy();
  }

  #open(request: PipelineRequest, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const outgoing = this.#request(request, signal);
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(bodyOf(request));
    return promise;
  }

  #request(request: PipelineRequest, signal: AbortSignal | undefined): ClientRequest {
    const url = new URL(request.url);
    const headers = { ...request.headers.toJSON({ preserveCase: true }), 'Accept-Encoding': 'identity' };
    const options = { method: request.method, headers, ...(signal === undefined ? {} : { signal }) };
    if (url.protocol === 'https:') return requestHttps(url, { ...options, agent: this.#https });
    return requestHttp(url, { ...options, agent: this.#http });
  }
}

/** Managed identities are asked for over plain HTTP, on the machine itself; nothing else is. */
function assertMaySend({ url, allowInsecureConnection }: PipelineRequest): void {
  if (!url.startsWith('https:') && allowInsecureConnection !== true)
    throw new TypeError('Only the metadata service speaks plain HTTP');
}

function isOver(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function bodyOf({ body = null }: PipelineRequest): string | undefined {
  if (body === null || typeof body === 'string') return body ?? undefined;
  throw new TypeError('The requests of this client carry texts only');
}

/** All of a body, or the first of it where it has no end: of an answer that is an error, little is looked at. */
async function readBody(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop destroys the answer, and with it the connection.
    if (length > MAX_ANSWER_BYTES) return cutOff(answer);
  }
  return Buffer.concat(chunks);
}

/** Of an endless answer the status counts, where that is one of failure. */
function cutOff({ statusCode }: IncomingMessage): Buffer {
  if (statusCode === 200) throw new AzureFault('too-large', 'The answer is larger than any secret.');
  return Buffer.alloc(0);
}

function decode(bytes: Buffer, { statusCode }: IncomingMessage): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AzureFault('malformed-answer', `The answer (status ${statusCode}) is not UTF-8.`);
  }
}

function headersOf({ headers }: IncomingMessage): HttpHeaders {
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  return createHttpHeaders(Object.fromEntries(texts));
}
