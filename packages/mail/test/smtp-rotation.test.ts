import { randomBytes } from 'node:crypto';

import { Secret } from '@redoubt/secrets';
import { createLiveSecret, type TestLiveSecret } from '@redoubt/testing';
import { eventually } from '@redoubt/testing/contracts/eventually';
import { afterEach, describe, expect, it } from 'vitest';

import { createSmtpMailer, type Mailer, MailDeliveryError, type SmtpMailerOptions } from '../src/index.ts';
import { createCertificate } from './support/certificates.ts';
import { type SmtpTestServer, startSmtpServer } from './support/smtp-test-server.ts';

const certificate = createCertificate('DNS:localhost');
const from = 'service@service.example';
const message = { to: 'person@mail.example', subject: 'Hello', text: 'One line.', secrets: [] };

const open: (Mailer | SmtpTestServer)[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

/** Half of the time after which an idle connection ends by itself, which is not what is looked for. */
const BEFORE_IDLE_CONNECTIONS_END_MS = 5_000;

const randomPassword = (): string => randomBytes(12).toString('hex');

interface Scene {
  readonly server: SmtpTestServer;
  readonly mailer: Mailer;
  readonly secret: TestLiveSecret;
  /** The password that both know at first. */
  readonly first: string;
}

async function setScene(options: Partial<SmtpMailerOptions> = {}): Promise<Scene> {
  const first = randomPassword();
  const secret = createLiveSecret(Secret.of(first));
  const server = await startSmtpServer({ ...certificate, secure: true }, first);
  const url = `smtps://service@localhost:${server.port}`;
  const mailer = createSmtpMailer({ url, from, ca: certificate.cert, password: secret, ...options });
  open.push(mailer, server);
  return { server, mailer, secret, first };
}

describe('a mailer whose password changes', () => {
  it(
    'SR-52: signs in with the new one, and keeps no connection of the old one',
    async () => {
      const { server, mailer, secret, first } = await setScene();
      await mailer.send(message);
      const next = randomPassword();
      server.changePassword(next);
      secret.change(Secret.of(next));
      await eventually('the old connection is closed', () => server.connections() === 0);
      await mailer.send(message);
      expect(server.passwords).toEqual([first, next]);
      expect(server.received).toHaveLength(2);
      expect(secret.refusals).toEqual([]);
    },
    BEFORE_IDLE_CONNECTIONS_END_MS,
  );

  it(
    'SR-52: fails no message that is under way, nor one that waits for a connection',
    async () => {
      const { server, mailer, secret } = await setScene();
      const release = server.hold();
      const sends = Array.from({ length: 6 }, () => mailer.send(message));
      await eventually('messages are under way', () => server.received.length === 2);
      const next = randomPassword();
      server.changePassword(next);
      secret.change(Secret.of(next));
      sends.push(mailer.send(message));
      await eventually('a new connection was made', () => server.passwords.at(-1) === next);
      release();
      await expect(Promise.all(sends)).resolves.toHaveLength(7);
      await eventually('the old connections are closed', () => server.connections() <= 1);
      expect(server.received).toHaveLength(7);
    },
    BEFORE_IDLE_CONNECTIONS_END_MS,
  );

  it('SR-52: asks for another password when the server refuses it, and hands the message over once', async () => {
    const { server, mailer, secret, first } = await setScene();
    const next = randomPassword();
    server.changePassword(next);
    secret.offer(Secret.of(next));
    await mailer.send(message);
    expect(server.passwords).toEqual([first, next]);
    expect(server.received).toHaveLength(1);
    expect(secret.refusals.map((refused) => refused.expose())).toEqual([first]);
  });

  it('SR-52: gives up after the second refusal', async () => {
    const { server, mailer, secret } = await setScene();
    server.changePassword(randomPassword());
    secret.offer(Secret.of(randomPassword()));
    await expect(mailer.send(message)).rejects.toThrow(MailDeliveryError);
    expect(server.passwords).toHaveLength(2);
    await expect(mailer.send(message)).rejects.toMatchObject({ reason: 'EAUTH' });
    expect(server.passwords).toHaveLength(3);
    expect(server.received).toEqual([]);
  });

  it('SR-28: checks certificates by the authorities that hold now', async () => {
    let ca = createCertificate('DNS:localhost').cert;
    const { server, mailer } = await setScene({ ca: () => ca });
    await expect(mailer.send(message)).rejects.toThrow(MailDeliveryError);
    expect(server.passwords).toEqual([]);
    ca = certificate.cert;
    await mailer.send(message);
    expect(server.received).toHaveLength(1);
  });
});
