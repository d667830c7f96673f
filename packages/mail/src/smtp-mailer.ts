import type { LiveSecret } from '@redoubt/secrets';
import type { SendMailOptions } from 'nodemailer';

import { MailDeliveryError } from './mail-delivery-error.ts';
import { assertMailMessage, type Mailer, type MailMessage } from './mailer.ts';
import { type MailServer, parseMailServer } from './mail-server.ts';
import { type ConnectionMaterial, SmtpOutlet } from './smtp-outlet.ts';

/** The transport's code of a login that the server refused. */
const LOGIN_REFUSED = 'EAUTH';

/** Where and as whom mails are handed over. */
export interface SmtpMailerOptions {
  /** `smtps://user@host:465`, or `smtp://user@host:587`, which must offer STARTTLS. Without a password. */
  readonly url: string;
  /** The sender, one address. */
  readonly from: string;
  /** When it changes, connections of the older one hand over what they have and are closed (SR-52). */
  readonly password?: LiveSecret;
  /**
   * Certificates (PEM) that sign the server's, where it is not one of the public ones. A function gives those that hold
   * now, and must not throw.
   */
  readonly ca?: string | (() => string);
}

/**
 * Hands messages to an SMTP server, over TLS with a checked certificate or not at all (SR-28): with `smtp:` a server
 * that does not offer STARTTLS gets neither the password nor the message.
 *
 * @throws {TypeError} for a URL of another scheme, or one with a password in it.
 */
export function createSmtpMailer(options: SmtpMailerOptions): Mailer {
  return new SmtpMailer(options);
}

class SmtpMailer implements Mailer {
  readonly #options: SmtpMailerOptions;
  readonly #server: MailServer;
  readonly #unsubscribe: (() => void) | undefined;
  #outlet: SmtpOutlet;

  constructor(options: SmtpMailerOptions) {
    this.#options = options;
    this.#server = parseMailServer(options.url);
    this.#outlet = new SmtpOutlet(this.#server, this.#currentMaterial());
    this.#unsubscribe = options.password?.subscribe(() => {
      this.#currentOutlet();
    });
  }

  async send(message: MailMessage): Promise<void> {
    assertMailMessage(message);
    const mail = toMail(this.#options.from, message);
    const outlet = this.#currentOutlet();
    try {
      await outlet.send(mail);
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== LOGIN_REFUSED || !(await this.#hasOtherThan(outlet))) throw new MailDeliveryError(reason);
      await this.#sendAgain(mail);
    }
  }

  close(): Promise<void> {
    this.#unsubscribe?.();
    return this.#outlet.close();
  }

  /** Only after a refused login: nothing of the message had been handed over. */
  async #sendAgain(mail: SendMailOptions): Promise<void> {
    try {
      await this.#currentOutlet().send(mail);
    } catch (error) {
      throw new MailDeliveryError(reasonOf(error));
    }
  }

  /** Answers whether there is another password than the one that was refused; its source is asked if need be. */
  async #hasOtherThan({ material }: SmtpOutlet): Promise<boolean> {
    const { password } = this.#options;
    if (password === undefined || material.password === undefined) return false;
    if (password.current().expose() !== material.password.expose()) return true;
    return (await password.refused(material.password)) === 'changed';
  }

  #currentOutlet(): SmtpOutlet {
    const material = this.#currentMaterial();
    if (!this.#outlet.isMadeWith(material)) {
      void this.#outlet.retire();
      this.#outlet = new SmtpOutlet(this.#server, material);
    }
    return this.#outlet;
  }

  #currentMaterial(): ConnectionMaterial {
    const { password, ca } = this.#options;
    return { password: password?.current(), ca: typeof ca === 'function' ? ca() : ca };
  }
}

function toMail(from: string, { to, subject, text }: MailMessage): SendMailOptions {
  return {
    // As an envelope too: the addresses are what was checked, whatever a parser would read into them.
    envelope: { from, to },
    from,
    to,
    subject,
    text,
    // RFC 3834, section 5: no machine answers to it.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

/** A code that looks like one; anything else could quote the conversation. */
function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : 'unknown';
}
