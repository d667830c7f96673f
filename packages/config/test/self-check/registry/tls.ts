import { Secret } from '@redoubt/secrets';
import { type CertificateContent, CLIENT_AUTHENTICATION, createTestAuthority, loopbackServer } from '@redoubt/testing';

import { type Finding, judgeTls, readTlsFacts } from '../../../src/index.ts';
import type { BadConfiguration, BadConfigurations } from './bad-configuration.ts';

const NOW_MS = Date.UTC(2027, 0, 15);
const DAY_MS = 86_400_000;

const authority = createTestAuthority(NOW_MS - 10 * DAY_MS, NOW_MS + 400 * DAY_MS);
const validity = { validFromMs: NOW_MS - 30 * DAY_MS, validToMs: NOW_MS + 60 * DAY_MS };
const names = { certificate: 'TLS_CERTIFICATE_FILE', key: 'TLS_KEY', clientAuthority: 'TLS_CLIENT_CA_FILE' };

interface Parts {
  readonly content?: CertificateContent;
  readonly certificate?: string;
  readonly key?: string;
  readonly clientAuthority?: string;
}

function judge({ content = {}, certificate, key, clientAuthority = authority.certificate }: Parts): readonly Finding[] {
  const issued = authority.issue({ ...loopbackServer, ...validity, ...content });
  const parts = { certificate: certificate ?? issued.certificate, key: Secret.of(key ?? issued.key), clientAuthority };
  return judgeTls(readTlsFacts({ ...parts, names, nowMs: NOW_MS }));
}

function listener(what: string, bad: Parts): BadConfiguration {
  return { what, bad: () => judge(bad), mended: () => judge({}) };
}

/** RD-050 to RD-059. */
export const badTls: BadConfigurations = {
  'RD-050': listener('a certificate that has expired', { content: { validToMs: NOW_MS - 1_000 } }),
  'RD-051': listener('a certificate that ends in 13 days', { content: { validToMs: NOW_MS + 13 * DAY_MS } }),
  'RD-052': listener('a key of another certificate', { key: authority.issue(loopbackServer).key }),
  'RD-053': listener('a signature over SHA-1', { content: { signatureHash: 'sha1' } }),
  'RD-054': listener('a certificate that is its own issuer', { content: { issuer: 'itself' } }),
  'RD-055': listener('an internal certificate of 91 days', { content: { validToMs: NOW_MS + 61 * DAY_MS } }),
  'RD-056': listener('a client authority that is none', {
    clientAuthority: authority.issue({ ...loopbackServer, ...validity }).certificate,
  }),
  'RD-057': listener('a certificate for clients', { content: { usages: [CLIENT_AUTHENTICATION] } }),
  'RD-058': listener('a certificate that is no PEM', { certificate: 'MIIB' }),
  'RD-059': listener('a certificate without names', { content: { names: [] } }),
};
