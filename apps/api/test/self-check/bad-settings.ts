import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Environment, type Finding, findingsOfFaults, loadSettings, SettingsError } from '@redoubt/config';
import { readTrustedIssuers } from '@redoubt/service/testing';

import { roles } from '../../src/access.ts';
import { serviceSettings } from '../../src/settings.ts';

/** Every setting of production, each sound. */
const sound: Environment = {
  PUBLIC_URL: 'https://api.service.example',
  TOKEN_AUDIENCE: 'service',
  SECURITY_CONTACT: 'mailto:security@service.example',
  SIGNING_KEY: 'file:///run/secrets/signing-key',
  DATABASE_URL: 'postgres://app_runtime@127.0.0.1:1/service',
  VALKEY_URL: 'redis://127.0.0.1:1',
  MAIL_URL: 'smtps://127.0.0.1:1',
  MAIL_FROM: 'service@service.example',
};

const edge = 'spiffe://service.example/edge';
const tls: Environment = {
  TLS_CERTIFICATE_FILE: '/run/tls/certificate.pem',
  TLS_KEY: 'file:///run/secrets/tls-key',
  TLS_CLIENT_CA_FILE: '/run/tls/clients.pem',
  ALLOWED_EDGES: edge,
};

/** What the service's own rules find in its settings, and in the file of issuers that they name. */
async function findingsOf(environment: Environment): Promise<readonly Finding[]> {
  try {
    await readTrustedIssuers(loadSettings(serviceSettings, environment), roles);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return findingsOfFaults(error);
    throw error;
  }
}

async function findingsWithIssuers(text: string): Promise<readonly Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'issuers-'));
  try {
    await writeFile(join(folder, 'issuers.json'), text);
    return await findingsOf({ ...sound, TRUSTED_ISSUERS_FILE: join(folder, 'issuers.json') });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A change of sound settings that makes them bad, and another that does not. */
function change(what: string, bad: Environment, mended: Environment) {
  return { what, bad: () => findingsOf({ ...sound, ...bad }), mended: () => findingsOf({ ...sound, ...mended }) };
}

/** The findings that are of the service's own rules. */
export const badServiceSettings = {
  'RD-006': {
    what: 'production without its database',
    bad: () => {
      const { DATABASE_URL: _absent, ...environment } = sound;
      return findingsOf(environment);
    },
    mended: () => findingsOf(sound),
  },
  'RD-013': change('a certificate without its key', { TLS_CERTIFICATE_FILE: '/run/tls/certificate.pem' }, tls),
  'RD-014': change('an edge that is a service', { ...tls, ALLOWED_SERVICES: edge }, tls),
  'RD-015': change('a peer by a pattern', { ...tls, ALLOWED_EDGES: '*.service.example' }, tls),
  'RD-016': change('no passwords and no issuers', { LOCAL_PASSWORDS: 'off' }, { LOCAL_PASSWORDS: 'on' }),
  'RD-017': {
    what: 'a file of issuers that is none',
    bad: () => findingsWithIssuers('{'),
    mended: () => findingsOf(sound),
  },
};
