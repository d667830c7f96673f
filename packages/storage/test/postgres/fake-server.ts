import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket, type TLSSocketOptions } from 'node:tls';

/** What signed in, or tried to. */
interface SignIn {
  readonly user: string;
  readonly password: string;
}

/** A server that speaks just enough of PostgreSQL's protocol to sign in, and to answer any query with nothing. */
export interface FakeServer {
  readonly port: number;
  readonly signIns: SignIn[];
  /** Most clients that were connected at once. */
  mostConnections(): number;
  /** From now on a client that leaves is not let go, until the returned function is called. */
  holdLeaving(): () => void;
  close(): Promise<void>;
}

export interface FakeServerOptions {
  /** Who may sign in; everybody when absent. */
  readonly admits?: (signIn: SignIn) => boolean;
  /** Speaks TLS with every client that asks for it. */
  readonly tls?: TLSSocketOptions;
  /** Called for each TLS connection, once it stands. */
  readonly onSecure?: (socket: TLSSocket) => void;
}

/** Codes of the startup messages (PostgreSQL manual, section 55.7). */
const SSL_REQUEST = 80_877_103;

const CLEARTEXT_PASSWORD = message('R', Buffer.from([0, 0, 0, 3]));
const SIGNED_IN = Buffer.concat([message('R', Buffer.from([0, 0, 0, 0])), message('Z', Buffer.from('I'))]);
const REFUSED = message('E', Buffer.from('SFATAL\0C28P01\0Mrefused\0\0'));
const ANSWER = Buffer.concat([message('C', Buffer.from('SELECT 0\0')), message('Z', Buffer.from('I'))]);

/** Starts one on a free port of the loopback address. */
export async function startFakeServer(options: FakeServerOptions = {}): Promise<FakeServer> {
  const { admits = () => true } = options;
  const sockets = new Set<Socket>();
  const signIns: SignIn[] = [];
  let most = 0;
  let leaving = Promise.resolve();
  const serve = (socket: Socket): void => {
    let user = '';
    readMessages(socket, {
      onStartup: (name) => {
        user = name;
        socket.write(CLEARTEXT_PASSWORD);
      },
      onPassword: (password) => {
        signIns.push({ user, password });
        if (admits({ user, password })) socket.write(SIGNED_IN);
        else socket.end(REFUSED);
      },
      onQuery: () => socket.write(ANSWER),
      onSslRequest: () => {
        socket.removeAllListeners('data');
        socket.write('S');
        const secure = new TLSSocket(socket, { isServer: true, ...options.tls });
        secure.on('secure', () => options.onSecure?.(secure)).on('end', () => secure.end());
        secure.on('error', () => undefined);
        serve(secure);
      },
    });
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    most = Math.max(most, sockets.size);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('end', () => {
      void leaving.then(() => socket.end());
    });
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    signIns,
    mostConnections: () => most,
    holdLeaving() {
      const { promise, resolve } = Promise.withResolvers<void>();
      leaving = promise;
      return resolve;
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

interface MessageHandlers {
  onStartup(user: string): void;
  onPassword(password: string): void;
  onQuery(): void;
  onSslRequest(): void;
}

function readMessages(socket: Socket, handlers: MessageHandlers): void {
  let unread = Buffer.alloc(0);
  let state: 'startup' | 'started' = 'startup';
  socket.on('data', (data: Buffer) => {
    unread = Buffer.concat([unread, data]);
    // A startup message has no type before its length.
    for (let at = typeLength(); unread.length >= at + 4; at = typeLength()) {
      const end = at + unread.readInt32BE(at);
      if (unread.length < end) return;
      const [type, body] = [unread.toString('latin1', 0, at), unread.subarray(at + 4, end)];
      unread = unread.subarray(end);
      handle(type, body);
    }
  });
  const typeLength = (): 0 | 1 => (state === 'startup' ? 0 : 1);
  const handle = (type: string, body: Buffer): void => {
    if (type === 'p') handlers.onPassword(body.toString('utf8', 0, body.length - 1));
    else if (type === 'Q') handlers.onQuery();
    else if (type === '' && body.readInt32BE(0) === SSL_REQUEST) handlers.onSslRequest();
    else if (type === '') {
      state = 'started';
      handlers.onStartup(/\0user\0([^\0]*)\0/.exec(`\0${body.toString('utf8', 4)}`)?.[1] ?? '');
    }
  };
}

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), length, body]);
}
