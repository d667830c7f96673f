import { Buffer } from 'node:buffer';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** One request, and the answer that it must get. */
export interface LoadRequest {
  /** Requests of one name are counted together. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly status: number;
  /** Told of the right answer. */
  readonly onAnswer?: (answer: LoadAnswer) => void;
}

/** An answer as it came. */
export interface LoadAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/**
 * Sends many requests over few connections, and counts every answer. It is a client that heeds `Retry-After`: a request
 * that is turned away with 503 is asked again after it (RFC 9110, section 10.2.3), and counted apart.
 */
export class HttpLoad {
  /** Answers by name, the right ones. */
  readonly right = new Map<string, number>();
  /** Times that a request was turned away with 503 and `Retry-After`. */
  turnedAway = 0;
  /** What went otherwise, in words. */
  readonly wrong: string[] = [];
  readonly #origins: readonly string[];
  readonly #agent: Agent;
  #sent = 0;

  constructor(origins: readonly string[], connections: number) {
    this.#origins = origins;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Sends requests from `next` until it has none, so many at once, to each replica in turn. */
  async run(next: () => LoadRequest | undefined, parallel: number): Promise<void> {
    const work = async (): Promise<void> => {
      for (let each = next(); each !== undefined; each = next()) await this.#sendAndCount(each);
    };
    await Promise.all(Array.from({ length: parallel }, work));
  }

  /** Gives its connections back. */
  close(): void {
    this.#agent.destroy();
  }

  async #sendAndCount(each: LoadRequest): Promise<void> {
    try {
      const answer = await this.#sendUntilTaken(each);
      if (answer.status === each.status) {
        each.onAnswer?.(answer);
        this.right.set(each.name, (this.right.get(each.name) ?? 0) + 1);
      } else this.wrong.push(`${each.name}: ${answer.status} for ${each.status}`);
    } catch (error) {
      this.wrong.push(`${each.name}: ${String(error)}`);
    }
  }

  async #sendUntilTaken(each: LoadRequest): Promise<LoadAnswer> {
    for (;;) {
      const answer = await this.#send(each);
      const retryAfter = answer.headers['retry-after'];
      if (answer.status !== 503 || each.status === 503 || retryAfter === undefined) return answer;
      this.turnedAway += 1;
      await setTimeout(Number(retryAfter) * 1000);
    }
  }

  #send({ method, path, headers = {}, body }: LoadRequest): Promise<LoadAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<LoadAnswer>();
    const origin = this.#origins[this.#sent % this.#origins.length] ?? '';
    this.#sent += 1;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(new URL(path, origin), { method, headers: { ...headers, ...length }, agent: this.#agent });
    sent.once('error', reject);
    sent.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    sent.end(body);
    return promise;
  }
}

/** Opens connections that say nothing. The function that comes back closes them. */
export async function holdIdleConnections(origin: string, count: number): Promise<() => void> {
  const { hostname, port } = new URL(origin);
  const open = (): Promise<Socket> => {
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    const socket = connect(Number(port), hostname, () => resolve(socket));
    socket.on('error', reject);
    return promise;
  };
  const sockets = await Promise.all(Array.from({ length: count }, open));
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}
