import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { pathToFileURL } from 'node:url';

import { loadSettings, SettingsError } from '@redoubt/config';
import { Secret } from '@redoubt/secrets';
import { createLiveSecret, createTestAuthority, loopbackServer } from '@redoubt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { callsTo, defineServiceSettings } from '../src/index.ts';

const NOTES = 'spiffe://example.internal/ns/notes';
const api = callsTo('API', { developmentUrl: 'http://127.0.0.1:3000' });
const definition = defineServiceSettings({ prefix: 'NOTES_', own: api.settings, rules: api.rules });

const [authority, stranger] = [createTestAuthority(), createTestAuthority()];
const issueOwn = () => authority.issue({ names: [{ kind: 'uri', value: NOTES }] });
let directory: string;
let server: Server;
let origin: string;

/** A peer that answers with the name in the certificate of whoever calls. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'calls-'));
  const { certificate: cert, key } = authority.issue(loopbackServer);
  server = createServer(
    { cert, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: true },
    (request, reply) => {
      const { subjectaltname } = (request.socket as TLSSocket).getPeerCertificate();
      reply.setHeader('connection', 'close').end(subjectaltname);
    },
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await rm(directory, { recursive: true });
});

async function write(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

async function openWith(believed: string, { certificate, key }: ReturnType<typeof issueOwn>) {
  const settings = loadSettings(definition, {
    NODE_ENV: 'development',
    API_URL: origin,
    API_CA_FILE: await write('ca.pem', believed),
    API_CERTIFICATE_FILE: await write('own.pem', certificate),
    API_KEY: pathToFileURL(join(directory, 'own.key')).href,
  });
  const live = createLiveSecret(Secret.of(key));
  return { calls: api.open(settings, { API_KEY: live }), live };
}

describe('calls to another service', () => {
  it('SR-28, SR-52: prove the service by its certificate, and by the next one once its key is there, too', async () => {
    const [first, second] = [issueOwn(), authority.issue({ names: [{ kind: 'uri', value: `${NOTES}-2` }] })];
    const { calls, live } = await openWith(authority.certificate, first);
    const ask = async () => {
      const { body } = await calls.client.request({ method: 'GET', url: `${calls.origin}/` });
      return body.toString();
    };
    expect(await ask()).toBe(`URI:${NOTES}`);
    await write('own.pem', second.certificate);
    expect(await ask()).toBe(`URI:${NOTES}`);
    live.change(Secret.of(second.key));
    expect(await ask()).toBe(`URI:${NOTES}-2`);
    await calls.close();
  });

  it('SR-28, SR-29: reach nobody whom another authority vouches for, and no other host', async () => {
    const { calls } = await openWith(stranger.certificate, issueOwn());
    await expect(calls.client.request({ method: 'GET', url: `${origin}/` })).rejects.toThrow('refused or failed');
    await expect(calls.client.request({ method: 'GET', url: 'https://127.0.0.1:1/' })).rejects.toMatchObject({
      code: 'host-not-allowed',
    });
    await calls.close();
  });

  it('SR-53: stop the start when certificate and key do not belong together', async () => {
    const pair = { ...issueOwn(), key: issueOwn().key };
    await expect(openWith(authority.certificate, pair)).rejects.toThrow(SettingsError);
  });

  it('go to this machine over plain http in development, and to no other', () => {
    const { API_URL } = loadSettings(definition, { NODE_ENV: 'development' });
    expect(API_URL).toBe('http://127.0.0.1:3000');
    const elsewhere = { NODE_ENV: 'development', API_URL: 'http://api.internal' };
    expect(() => loadSettings(definition, elsewhere)).toThrow('API_URL');
  });

  it('SR-28, SR-53: need https and all parts of an identity in production, and name what is missing', () => {
    expect(() => loadSettings(definition, { API_URL: 'http://127.0.0.1:3000' })).toThrow(
      /RD-007[^]*API_URL|API_URL[^]*RD-007/,
    );
    expect(() => loadSettings(definition, { API_URL: 'https://api.internal' })).toThrow('API_CA_FILE');
  });

  it.each(['', 'api', 'A_B', '1A'])('are to nobody with the name %j', (name) => {
    expect(() => callsTo(name)).toThrow(TypeError);
  });
});
