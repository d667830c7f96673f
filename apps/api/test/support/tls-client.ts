import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request, type RequestOptions } from 'node:https';
import { json } from 'node:stream/consumers';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

import type { TestCertificate } from '@redoubt/testing';

/** What came back. */
export interface TlsAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** A client that keeps one connection, with a certificate or without. */
export class TlsClient {
  readonly #agent: Agent;
  readonly #port: number;

  constructor(port: number, serverAuthority: string, certificate?: TestCertificate) {
    const identity = certificate === undefined ? {} : { cert: certificate.certificate, key: certificate.key };
    this.#port = port;
    this.#agent = new Agent({ ca: serverAuthority, keepAlive: true, maxSockets: 1, ...identity });
  }

  /** Rejects when the connection ends without an answer. */
  get(path: string, headers: Record<string, string> = {}): Promise<TlsAnswer> {
    return this.#send({ path, headers });
  }

  /** Sends a JSON body. Rejects when the connection ends without an answer. */
  post(path: string, body: object, headers: Record<string, string> = {}): Promise<TlsAnswer> {
    const content = { 'content-type': 'application/json', ...headers };
    return this.#send({ method: 'POST', path, headers: content }, JSON.stringify(body));
  }

  async #send(options: RequestOptions, body?: string): Promise<TlsAnswer> {
    const sent = request({ host: '127.0.0.1', port: this.#port, agent: this.#agent, ...options }).end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: response.statusCode, headers: response.headers, body: await json(response) };
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The text of a request that leaves the connection open. */
const REQUEST = 'GET /api/services/me HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** Opens a connection by hand and asks for one answer; rejects when there is none. */
export async function converse(
  options: ConnectionOptions,
): Promise<{ socket: TLSSocket; session: Buffer | undefined }> {
  const socket = connect({ host: '127.0.0.1', servername: 'localhost', ...options });
  let session: Buffer | undefined;
  socket.on('session', (next: Buffer) => {
    session = next;
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('data', () => resolve());
  socket.once('error', reject);
  socket.once('close', () => reject(new Error('closed without an answer')));
  socket.write(REQUEST);
  await promise;
  return { socket, session };
}
