import type { AddressInfo } from 'node:net';

import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A message as the server took it. */
interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: string;
}

/** A real SMTP server inside the test process. */
export interface SmtpTestServer {
  readonly port: number;
  readonly received: ReceivedMail[];
  /** The passwords that clients have sent. */
  readonly passwords: string[];
  /** How many clients are connected. */
  connections(): number;
  /** From now on this password is the one, for who signs in. */
  changePassword(next: string): void;
  /** From now on messages are taken and not confirmed, until the returned function is called. */
  hold(): () => void;
  close(): Promise<void>;
}

/** Starts a server that takes everything from whoever knows the password. */
export async function startSmtpServer(options: SMTPServerOptions, initialPassword?: string): Promise<SmtpTestServer> {
  let password = initialPassword;
  let held = Promise.resolve();
  const received: ReceivedMail[] = [];
  const passwords: string[] = [];
  const server = new SMTPServer({
    authOptional: password === undefined,
    logger: false,
    ...options,
    onAuth(auth, _session, done) {
      passwords.push(auth.password ?? '');
      if (auth.password === password) done(null, { user: auth.username ?? '' });
      else done(new Error('no such user'));
    },
    onData(stream, { envelope }, done) {
      let source = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        source += chunk;
      });
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        received.push({ from, to: envelope.rcptTo.map(({ address }) => address), source });
        void held.then(() => done());
      });
    },
  });
  // A client that refuses the certificate ends the handshake: an error here, and the point of the test there.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    passwords,
    connections: () => server.connections.size,
    changePassword(next) {
      password = next;
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}
