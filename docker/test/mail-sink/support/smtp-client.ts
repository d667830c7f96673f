import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';

/** A conversation with a mail server over TLS, line by line. */
export class SmtpClient {
  readonly socket: TLSSocket;
  /** The first line that the server said. */
  greeting = '';
  #received = '';

  private constructor(socket: TLSSocket) {
    this.socket = socket;
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      this.#received += chunk;
    });
    socket.on('error', () => undefined);
  }

  /** Connects, and resolves with the greeting taken. */
  static async connect(port: number, ca: string): Promise<SmtpClient> {
    const socket = connect({ host: '127.0.0.1', port, ca, servername: 'mail' });
    const client = new SmtpClient(socket);
    client.greeting = await client.#answer();
    return client;
  }

  /** Sends lines, and resolves to the last line of the answer. */
  say(...lines: string[]): Promise<string> {
    this.socket.write(lines.map((line) => `${line}\r\n`).join(''));
    return this.#answer();
  }

  /** Sends a message from the greeting on; resolves to what the server says of it. */
  async send(...message: string[]): Promise<string> {
    for (const line of ['EHLO test', 'MAIL FROM:<service@a.test>', 'RCPT TO:<person@b.test>', 'DATA'])
      await this.say(line);
    return this.say(...message, '.');
  }

  async #answer(): Promise<string> {
    const last = /^\d{3} .*\r\n/m;
    while (!last.test(this.#received)) await once(this.socket, 'data', { signal: AbortSignal.timeout(5000) });
    const [line = ''] = last.exec(this.#received) ?? [];
    this.#received = '';
    return line.trimEnd();
  }
}
