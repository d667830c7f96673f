import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLogger } from '@redoubt/logging';
import { createLogCapture, createManualClock } from '@redoubt/testing';
import { expect, it } from 'vitest';

import { createFolderMailer, MailMessageError } from '../src/index.ts';

it('SR-43, SR-56: keeps a message where the developer alone can read it, and its secret in no log', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'mail-'));
  const directory = join(parent, 'mail');
  const log = createLogCapture();
  const logger = createLogger({ service: 'test', level: 'debug', destination: log.destination });
  const mailer = createFolderMailer({ directory, logger, now: createManualClock().now });
  // Words and not random bytes: redaction by shape alone would let it through.
  const token = 'plain words as a token';
  const message = { to: 'person@mail.example', subject: 'A subject', text: `Use ${token}.`, secrets: [token] };
  await mailer.send(message);
  await mailer.send({ ...message, text: randomBytes(8).toString('hex') });

  const files = await readdir(directory);
  expect(files).toHaveLength(2);
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
  expect(texts).toContain(`To: ${message.to}\nSubject: ${message.subject}\n\n${message.text}\n`);
  for (const file of files) expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect(log.text()).toContain('Use [redacted].');
  expect(log.text()).not.toMatch(new RegExp(`${token}|${message.to}`));

  await expect(mailer.send({ ...message, to: 'a@b.example\nBcc: c@d.example' })).rejects.toThrow(MailMessageError);
  expect(await readdir(directory)).toHaveLength(2);
  await rm(parent, { recursive: true });
});
