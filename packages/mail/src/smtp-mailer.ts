import type { Secret } from '@redoubt/secrets';
import { createTransport } from 'nodemailer';

import { MailDeliveryError } from './mail-delivery-error.ts';
import { assertMailMessage, type Mailer } from './mailer.ts';

/** RFC 8314, section 3: implicit TLS, and submission with STARTTLS. */
const SMTPS_PORT = 465;
const SUBMISSION_PORT = 587;

/** Mails of this kind are few; a second connection keeps a slow one from holding up the rest. */
const MAX_CONNECTIONS = 2;
/** A server answers a step within this time or is away: mails wait in a bounded queue. */
const STEP_TIMEOUT_MS = 5000;
/** The time in which nothing at all comes back. */
const SOCKET_TIMEOUT_MS = 10_000;

/** Where and as whom mails are handed over. */
export interface SmtpMailerOptions {
  /** `smtps://user@host:465`, or `smtp://user@host:587`, which must offer STARTTLS. Without a password. */
  readonly url: string;
  /** The sender, one address. */
  readonly from: string;
  readonly password?: Secret;
  /** Certificates (PEM) that sign the server's, where it is not one of the public ones. */
  readonly ca?: string;
}

/**
 * Hands messages to an SMTP server, over TLS with a checked certificate or not at all (SR-28): with `smtp:` a server
 * that does not offer STARTTLS gets neither the password nor the message.
 *
 * @throws {TypeError} for a URL of another scheme, or one with a password in it.
 */
export function createSmtpMailer({ url, from, password, ca }: SmtpMailerOptions): Mailer {
  const server = parseServer(url);
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: true,
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    ...(server.user === '' ? {} : { auth: { user: server.user, pass: password?.expose() ?? '' } }),
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
  });
  return {
    async send(message) {
      assertMailMessage(message);
      const { to, subject, text } = message;
      try {
        await transport.sendMail({
          // As an envelope too: the addresses are what was checked, whatever a parser would read into them.
          envelope: { from, to },
          from,
          to,
          subject,
          text,
          // RFC 3834, section 5: no machine answers to it.
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw new MailDeliveryError(reasonOf(error));
      }
    },
    close() {
      transport.close();
      return Promise.resolve();
    },
  };
}

function parseServer(url: string): { host: string; port: number; secure: boolean; user: string } {
  const { protocol, hostname, port, username, password } = new URL(url);
  if (protocol !== 'smtp:' && protocol !== 'smtps:') throw new TypeError('mail goes by smtp: or smtps:');
  if (password !== '') throw new TypeError('the password of the mail server does not belong in its URL');
  const secure = protocol === 'smtps:';
  const defaultPort = secure ? SMTPS_PORT : SUBMISSION_PORT;
  return {
    host: hostname.replaceAll(/^\[|\]$/g, ''),
    port: port === '' ? defaultPort : Number(port),
    secure,
    user: decodeURIComponent(username),
  };
}

/** A code that looks like one; anything else could quote the conversation. */
function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : 'unknown';
}
