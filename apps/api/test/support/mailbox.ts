import { assertMailMessage, type Mailer, type MailMessage } from '@redoubt/mail';

/** A mailer that keeps what it is given. */
export interface Mailbox {
  readonly mailer: Mailer;
  /** The mails since the last time it was asked. */
  take(): readonly MailMessage[];
}

/** Makes a mailer for tests; what no mailer would send, it refuses as well. */
export function createMailbox(): Mailbox {
  const mails: MailMessage[] = [];
  return {
    mailer: {
      send(message) {
        assertMailMessage(message);
        mails.push(message);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    },
    take: () => mails.splice(0),
  };
}
