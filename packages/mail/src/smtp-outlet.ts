import type { Secret } from '@redoubt/secrets';
import type { SendMailOptions, Transporter } from 'nodemailer';

import type { MailServer } from './mail-server.ts';

/** Mails of this kind are few; a second connection keeps a slow one from holding up the rest. */
const MAX_CONNECTIONS = 2;
/** A server answers a step within this time or is away: mails wait in a bounded queue. */
const STEP_TIMEOUT_MS = 5000;
/** The time in which nothing at all comes back. */
const SOCKET_TIMEOUT_MS = 10_000;

/** What a connection to the server is made with. */
export interface ConnectionMaterial {
  readonly password: Secret | undefined;
  readonly ca: string | undefined;
}

/** The connections that were made with the same material. */
export class SmtpOutlet {
  readonly material: ConnectionMaterial;
  readonly #server: MailServer;
  #transport: Promise<Transporter> | undefined;
  #underWay = 0;
  #state: 'open' | 'retired' = 'open';

  constructor(server: MailServer, material: ConnectionMaterial) {
    this.material = material;
    this.#server = server;
  }

  /** Whether new connections are to be made with this. */
  isMadeWith({ password, ca }: ConnectionMaterial): boolean {
    return this.material.password?.expose() === password?.expose() && this.material.ca === ca;
  }

  /** Hands a message over, on a connection that is free or new. */
  async send(mail: SendMailOptions): Promise<void> {
    this.#underWay += 1;
    try {
      const transport = await this.#open();
      await transport.sendMail(mail);
    } finally {
      this.#underWay -= 1;
      await this.#closeWhenDone();
    }
  }

  /** Ends idle connections, and fails what still waits for one. */
  async close(): Promise<void> {
    const transport = await this.#transport;
    transport?.close();
  }

  /** Ends its connections once nothing is under way on them. */
  async retire(): Promise<void> {
    this.#state = 'retired';
    await this.#closeWhenDone();
  }

  async #closeWhenDone(): Promise<void> {
    // Not before: closing fails what still waits for a connection.
    if (this.#state === 'retired' && this.#underWay === 0) await this.close();
  }

  /** With the first mail: what speaks SMTP is a tenth of all code of a service, and a start would have to read it. */
  #open(): Promise<Transporter> {
    this.#transport ??= openTransport(this.#server, this.material);
    return this.#transport;
  }
}

async function openTransport(server: MailServer, material: ConnectionMaterial): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport(toTransportOptions(server, material));
}

function toTransportOptions({ host, port, secure, user }: MailServer, { password, ca }: ConnectionMaterial) {
  return {
    host,
    port,
    secure,
    requireTLS: true,
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    ...(user === '' ? {} : { auth: { user, pass: password?.expose() ?? '' } }),
    pool: true,
    maxConnections: MAX_CONNECTIONS,
    connectionTimeout: STEP_TIMEOUT_MS,
    greetingTimeout: STEP_TIMEOUT_MS,
    dnsTimeout: STEP_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    // A message is its text: nothing in it may name a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  } as const;
}
