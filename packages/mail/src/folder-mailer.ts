import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Logger } from '@redoubt/logging';

import { assertMailMessage, type Mailer, type MailMessage } from './mailer.ts';

/** Only the developer may read what would have been sent. */
const PRIVATE_FILE_MODE = 0o600;
const PRIVATE_DIRECTORY_MODE = 0o700;

/** What a mailer that sends nothing needs. */
export interface FolderMailerOptions {
  /** Made when it is not there. */
  readonly directory: string;
  readonly logger: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Keeps each message as a file instead of sending it, for development: the name begins with the time, so that the newest
 * stands last. The log gets the message as well, without its secrets.
 */
export function createFolderMailer({ directory, logger, now }: FolderMailerOptions): Mailer {
  return {
    async send(message) {
      assertMailMessage(message);
      const stamp = new Date(now()).toISOString().replaceAll(/[:.]/g, '-');
      const file = join(directory, `${stamp}-${randomUUID()}.txt`);
      await mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
      await writeFile(file, asText(message), { mode: PRIVATE_FILE_MODE, flag: 'wx' });
      logger.info({ file, subject: message.subject, text: withoutSecrets(message) }, 'a mail was kept, not sent');
    },
    close: () => Promise.resolve(),
  };
}

function asText({ to, subject, text }: MailMessage): string {
  return `To: ${to}\nSubject: ${subject}\n\n${text}\n`;
}

function withoutSecrets({ text, secrets }: MailMessage): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '[redacted]'), text);
}
