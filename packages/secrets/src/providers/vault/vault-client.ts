import { Buffer } from 'node:buffer';
import { createOutboundClient, type OutboundClient } from '@redoubt/outbound';
import type { Secret } from '../../secret.ts';
import { FileProvider } from '../file-provider.ts';
import { MAX_SECRET_BYTES } from '../secret-provider.ts';
import { type JsonObject, parseAnswer } from './vault-answer.ts';
import { faultOfCall, faultOfStatus, VaultFault } from './vault-fault.ts';
import { isLoopback, type VaultSourceOptions } from './vault-source-options.ts';

/** Largest answer: a document, and as much again for what is around it and for escaped characters. */
const MAX_ANSWER_BYTES = 2 * MAX_SECRET_BYTES;

/** Longest wait for one answer: 5 s (SR-29); the caller's own signal may end it sooner. */
const REQUEST_DEADLINE_MS = 5000;

const NO_CONTENT = 204;
const HTTPS_PORT = 443;
const HTTP_PORT = 80;

/** One request of the API. */
export interface VaultRequest {
  readonly method: 'GET' | 'POST';
  /** After `/v1/`; its segments need no encoding. */
  readonly path: string;
  readonly token?: Secret;
  readonly body?: Readonly<Record<string, string>>;
}

/** Speaks the HTTP API of one server: one attempt for each request, bounded in time and size (SR-28, SR-29). */
export class VaultClient {
  readonly #source: VaultSourceOptions;
  #transport: Promise<OutboundClient> | undefined;

  constructor(source: VaultSourceOptions) {
    this.#source = source;
  }

  /**
   * Sends a request, and answers the body of a success: an object, empty where the server had nothing to say.
   *
   * @throws {VaultFault} for every other answer, and for none.
   */
  async send(request: VaultRequest, signal: AbortSignal): Promise<JsonObject> {
    const transport = await this.#open();
    const { status, body } = await this.#call(transport, request, signal);
    if (status >= 400) throw faultOfStatus(status);
    return status === NO_CONTENT ? {} : parseAnswer(body);
  }

  /** Closes every connection, once the requests on their way are over. */
  async close(): Promise<void> {
    const transport = await this.#transport;
    await transport?.close();
  }

  async #call(transport: OutboundClient, { method, path, token, body }: VaultRequest, signal: AbortSignal) {
    const { address, namespace } = this.#source;
    try {
      return await transport.request({
        method,
        url: new URL(`/v1/${path}`, address),
        headers: {
          // A proxy or an agent may ask for it: a page in a browser cannot send it.
          'x-vault-request': 'true',
          ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
          ...(token === undefined ? {} : { 'x-vault-token': token.expose() }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
        signal,
      });
    } catch (error) {
      throw faultOfCall(error);
    }
  }

  /** Once: a file of authorities that could not be read is read again at the next request. */
  #open(): Promise<OutboundClient> {
    this.#transport ??= this.#createTransport().catch((error: unknown) => {
      this.#transport = undefined;
      throw new VaultFault('unreadable', { cause: error });
    });
    return this.#transport;
  }

  async #createTransport(): Promise<OutboundClient> {
    const { caFile } = this.#source;
    const url = new URL(this.#source.address);
    const port = Number(url.port) || (url.protocol === 'https:' ? HTTPS_PORT : HTTP_PORT);
    const ca = caFile === undefined ? {} : { ca: await readAuthorities(caFile) };
    return createOutboundClient({
      hosts: [
        { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port, reach: isLoopback(url) ? 'loopback' : 'private' },
      ],
      deadlineMs: REQUEST_DEADLINE_MS,
      maxResponseBytes: MAX_ANSWER_BYTES,
      ...ca,
    });
  }
}

async function readAuthorities(file: string): Promise<string> {
  const options = { signal: AbortSignal.timeout(REQUEST_DEADLINE_MS) };
  const { text } = await new FileProvider('anybody').read({ scheme: 'file', path: file }, options);
  return text;
}
