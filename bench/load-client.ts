import { connect, type Socket } from 'node:net';

/** What became of one request. */
export interface Outcome {
  /** HTTP status; 0 when the connection ended first. */
  readonly status: number;
  /** From the moment at which it was due, whether or not a connection was free then. */
  readonly latencyMs: number;
}

/** One request as it goes over the wire, again and again. */
export interface Target {
  readonly port: number;
  readonly bytes: string;
}

/** A connection with one request on its way at most. Answers are framed by their length, as the service frames them. */
class Connection {
  readonly #socket: Socket;
  #received = '';
  #settle: ((status: number) => void) | undefined;
  #state: 'open' | 'ended' = 'open';

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text: string) => this.#take(text));
    this.#socket.on('error', () => this.#end());
    this.#socket.on('close', () => this.#end());
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  send(bytes: string): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#settle = resolve;
    this.#socket.write(bytes);
    return promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const headerEnd = this.#received.indexOf('\r\n\r\n');
    if (headerEnd === -1) return;
    const head = this.#received.slice(0, headerEnd).toLowerCase();
    const length = Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
    if (this.#received.length < headerEnd + 4 + length) return;
    this.#received = '';
    if (head.includes('connection: close')) this.#state = 'ended';
    this.#finish(Number(head.slice(9, 12)));
  }

  #end(): void {
    this.#state = 'ended';
    this.#finish(0);
  }

  #finish(status: number): void {
    this.#settle?.(status);
    this.#settle = undefined;
  }
}

/** Connections that are taken for one request and given back, as many as the load needs. */
export class LoadClient {
  readonly #target: Target;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();

  constructor(target: Target) {
    this.#target = target;
  }

  get connections(): number {
    return this.#all.size;
  }

  /** Sends one request on a connection that is free, or on a new one. */
  async ask(dueAt: number): Promise<Outcome> {
    const connection = this.#take();
    const status = await connection.send(this.#target.bytes);
    if (connection.isOpen) this.#idle.push(connection);
    else this.#forget(connection);
    return { status, latencyMs: performance.now() - dueAt };
  }

  close(): void {
    for (const connection of this.#all) connection.close();
  }

  #take(): Connection {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.isOpen) return idle;
      this.#forget(idle);
    }
    const connection = new Connection(this.#target.port);
    this.#all.add(connection);
    return connection;
  }

  #forget(connection: Connection): void {
    connection.close();
    this.#all.delete(connection);
  }
}
