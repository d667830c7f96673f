import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';

import { createTestAuthority, SERVER_AUTHENTICATION } from '@redoubt/testing';
import type { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { checkHealth } from '../../src/mail-sink/check-health.ts';
import { createMailSink } from '../../src/mail-sink/create-mail-sink.ts';
import { followMaterial } from '../../src/mail-sink/sink-material.ts';
import { SmtpClient } from './support/smtp-client.ts';

const authority = createTestAuthority();
function issue() {
  const { certificate, key } = authority.issue({
    names: [{ kind: 'dns', value: 'mail' }],
    usages: [SERVER_AUTHENTICATION],
  });
  return { cert: certificate, key };
}

const material = issue();
const open: SMTPServer[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => new Promise<void>((resolve) => server.close(resolve)))));

async function serve() {
  const shown: string[] = [];
  const server = createMailSink(material, (text) => shown.push(text));
  open.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.server.address() as AddressInfo;
  return { server, port, shown, client: () => SmtpClient.connect(port, authority.certificate) };
}

describe('the mail sink', () => {
  it('takes a message to anybody, and shows it', async () => {
    const { client, shown } = await serve();
    expect(await (await client()).send('Subject: Hello', '', 'https://a.test/confirm?token=abc')).toMatch(/^250 /);
    expect(shown).toEqual([
      '--- mail from <service@a.test> to <person@b.test>\nSubject: Hello\n\nhttps://a.test/confirm?token=abc\n',
    ]);
  });

  it('SR-28: speaks TLS 1.3 or not at all', async () => {
    const { port, client } = await serve();
    expect((await client()).socket.getProtocol()).toBe('TLSv1.3');
    const plain = connect(port, '127.0.0.1');
    plain.write('EHLO test\r\n');
    const [answer] = await Promise.all([plain.toArray().catch(() => []), once(plain, 'close')]);
    expect(Buffer.concat(answer as Buffer[]).toString('latin1')).not.toContain('220');
  });

  it('knows no users', async () => {
    const { client } = await serve();
    const one = await client();
    await one.say('EHLO test');
    expect(await one.say('AUTH PLAIN AGEAYg==')).toMatch(/^5\d\d /);
  });

  it('takes no message of more than 1 MiB, and lives on', async () => {
    const { client, shown } = await serve();
    const line = 'a'.repeat(1000);
    expect(await (await client()).send(...Array.from({ length: 1100 }, () => line))).toMatch(/^552 /);
    expect(await (await client()).send('', 'after')).toMatch(/^250 /);
    expect(shown).toHaveLength(1);
  });

  it('lives on after a client that leaves in the middle', async () => {
    const { server, client } = await serve();
    const one = await client();
    await one.say('EHLO test');
    one.socket.destroy();
    await vi.waitUntil(() => server.connections.size === 0);
    expect(await (await client()).send('', 'after')).toMatch(/^250 /);
  });

  it('takes 20 connections, and refuses more', async () => {
    const { client } = await serve();
    const clients = await Promise.all(Array.from({ length: 20 }, client));
    expect(await clients[0]?.say('NOOP')).toMatch(/^250 /);
    expect((await client()).greeting).toMatch(/^421 /);
    for (const one of clients) one.socket.destroy();
  });

  it('ends although somebody is connected', async () => {
    const { server, client } = await serve();
    const one = await client();
    const closed = once(one.socket, 'close');
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    await closed;
    expect(server.connections.size).toBe(0);
    open.length = 0;
  });

  it('SR-52: shows a renewed certificate to the next connection', async () => {
    const { server, client } = await serve();
    let next = material;
    followMaterial(material, {
      read: () => Promise.resolve(next),
      onChange: (changed) => server.updateSecureContext(changed),
      intervalMs: 5,
    });
    next = issue();
    const shown = async () => (await client()).socket.getPeerX509Certificate()?.toString();
    await vi.waitFor(async () => expect(await shown()).toBe(next.cert));
  });
});

describe('the health check', () => {
  it('finds a sink that greets', async () => {
    const { port } = await serve();
    await expect(checkHealth(port, material.cert)).resolves.toBeUndefined();
  });

  it('does not take another server for it', async () => {
    const { port } = await serve();
    await expect(checkHealth(port, issue().cert)).rejects.toThrow(/certificate/);
  });

  it('finds out that nobody listens', async () => {
    const { server, port } = await serve();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    open.length = 0;
    await expect(checkHealth(port, material.cert)).rejects.toThrow(/ECONNREFUSED/);
  });
});
