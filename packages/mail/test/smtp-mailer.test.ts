import { randomBytes } from 'node:crypto';

import { fixedSecret, Secret } from '@redoubt/secrets';
import { afterEach, expect, describe, it } from 'vitest';

import { createSmtpMailer, type Mailer, MailDeliveryError, type SmtpMailerOptions } from '../src/index.ts';
import { createCertificate } from './support/certificates.ts';
import { type SmtpTestServer, startSmtpServer } from './support/smtp-test-server.ts';

const local = createCertificate('DNS:localhost,IP:127.0.0.1');
const otherName = createCertificate('DNS:mail.elsewhere.example');
const from = 'service@service.example';
const message = { to: 'person@mail.example', subject: 'Grüße', text: 'One line.\n.\nQUIT\nAnother: ü', secrets: [] };

const open: (Mailer | SmtpTestServer)[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

async function serve(...args: Parameters<typeof startSmtpServer>): Promise<SmtpTestServer> {
  const server = await startSmtpServer(...args);
  open.push(server);
  return server;
}

function mailerOf(url: string, options: Partial<SmtpMailerOptions> = {}): Mailer {
  const mailer = createSmtpMailer({ url, from, ca: local.cert, ...options });
  open.push(mailer);
  return mailer;
}

async function refusalOf(mailer: Mailer): Promise<MailDeliveryError> {
  const refusal: unknown = await mailer.send(message).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(MailDeliveryError);
  return refusal as MailDeliveryError;
}

describe('the SMTP mailer', () => {
  it.each(['smtp', 'smtps'] as const)('SR-28: hands a message over by %s, under TLS', async (scheme) => {
    const password = randomBytes(12).toString('hex');
    const server = await serve({ ...local, secure: scheme === 'smtps' }, password);
    const mailer = mailerOf(`${scheme}://service@localhost:${server.port}`, {
      password: fixedSecret(Secret.of(password)),
    });
    await mailer.send(message);
    expect(server.received).toHaveLength(1);
    const [mail] = server.received;
    expect(mail).toMatchObject({ from, to: [message.to] });
    expect(mail?.source).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(mail?.source).toContain('Another: =C3=BC');
  });

  it('SR-28: gives neither password nor message to a server that does not offer STARTTLS', async () => {
    const server = await serve({
      ...local,
      hideSTARTTLS: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
    });
    const mailer = mailerOf(`smtp://service@localhost:${server.port}`, { password: fixedSecret(Secret.of('a')) });
    expect((await refusalOf(mailer)).reason).toBe('ETLS');
    expect([server.received, server.passwords]).toEqual([[], []]);
  });

  it.each(['smtp', 'smtps'] as const)('SR-28: refuses a certificate that nobody vouches for, by %s', async (scheme) => {
    const server = await serve({ ...createCertificate('DNS:localhost'), secure: scheme === 'smtps' });
    await refusalOf(
      mailerOf(`${scheme}://service@localhost:${server.port}`, { password: fixedSecret(Secret.of('a')) }),
    );
    expect([server.received, server.passwords]).toEqual([[], []]);
  });

  it.each(['smtp', 'smtps'] as const)('SR-28: refuses a certificate for another name, by %s', async (scheme) => {
    const server = await serve({ ...otherName, secure: scheme === 'smtps' });
    await refusalOf(mailerOf(`${scheme}://localhost:${server.port}`, { ca: otherName.cert }));
    expect(server.received).toEqual([]);
  });

  it('SR-43: a refusal holds a code and nothing of the conversation', async () => {
    const password = randomBytes(12).toString('hex');
    const server = await serve({ ...local, secure: true }, 'another');
    const mailer = mailerOf(`smtps://service@localhost:${server.port}`, { password: fixedSecret(Secret.of(password)) });
    const refusal = await refusalOf(mailer);
    expect(refusal.reason).toBe('EAUTH');
    expect(refusal.cause).toBeUndefined();
    expect(`${refusal.stack}${JSON.stringify(refusal)}`).not.toMatch(new RegExp(`${password}|person@|no such user`));
  });

  it('says that a server is away', async () => {
    const server = await startSmtpServer({ ...local, secure: true });
    await server.close();
    expect((await refusalOf(mailerOf(`smtps://localhost:${server.port}`))).reason).toMatch(/^E[A-Z]+$/);
  });

  it.each(['http://localhost', 'smtp://user:word@localhost'])('is not made for %j', (url) => {
    expect(() => createSmtpMailer({ url, from })).toThrow(TypeError);
  });
});
