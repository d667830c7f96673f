import { generateKeyPairSync } from 'node:crypto';

import { Secret } from '@redoubt/secrets';
import {
  type CertificateContent,
  CLIENT_AUTHENTICATION,
  createTestAuthority,
  loopbackServer,
  type TestCertificate,
} from '@redoubt/testing';
import { describe, expect, it } from 'vitest';

import { judgeTls, readTlsFacts, type TlsParts } from '../../src/index.ts';

const NOW_MS = Date.UTC(2027, 0, 15);
const DAY_MS = 86_400_000;

const authority = createTestAuthority(NOW_MS - 10 * DAY_MS, NOW_MS + 400 * DAY_MS);
const names = { certificate: 'TLS_CERTIFICATE_FILE', key: 'TLS_KEY', clientAuthority: 'TLS_CLIENT_CA_FILE' };
const validity = { validFromMs: NOW_MS - 30 * DAY_MS, validToMs: NOW_MS + 60 * DAY_MS };

function issue(content: CertificateContent = {}): TestCertificate {
  return authority.issue({ ...loopbackServer, ...validity, ...content });
}

const good = issue();

/** Parts as they should be, but for what is given. */
function parts(changes: Partial<Omit<TlsParts, 'key'>> & { readonly key?: string } = {}): TlsParts {
  return {
    certificate: good.certificate,
    clientAuthority: authority.certificate,
    names,
    nowMs: NOW_MS,
    ...changes,
    key: Secret.of(changes.key ?? good.key),
  };
}

/** What is found, as "id subject". */
function findingsOf(tls: TlsParts): string[] {
  return judgeTls(readTlsFacts(tls)).map(({ id, subject }) => `${id} ${subject}`);
}

const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const garbled = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

/** One bad configuration each, and all that may be found in it. */
const bad: Readonly<Record<string, readonly [tls: TlsParts, ...found: string[]]>> = {
  'SR-28: finds a certificate that has expired': [
    parts(issue({ validToMs: NOW_MS - 1_000 })),
    'RD-050 TLS_CERTIFICATE_FILE',
  ],
  'SR-28: finds a certificate that is not valid yet': [
    parts(issue({ validFromMs: NOW_MS + 1_000 })),
    'RD-050 TLS_CERTIFICATE_FILE',
  ],
  'SR-28: finds an intermediate that has expired': [
    parts({ certificate: good.certificate + issue({ kind: 'authority', validToMs: NOW_MS - 1_000 }).certificate }),
    'RD-050 TLS_CERTIFICATE_FILE',
  ],
  'SR-28: finds a client authority that has expired': [
    parts({ clientAuthority: createTestAuthority(NOW_MS - 10 * DAY_MS).certificate }),
    'RD-050 TLS_CLIENT_CA_FILE',
  ],
  'SR-52: finds a certificate that ends within 14 days': [
    parts(issue({ validToMs: NOW_MS + 14 * DAY_MS - 1_000 })),
    'RD-051 TLS_CERTIFICATE_FILE',
  ],
  'SR-28: finds a key of another certificate': [parts({ key: issue().key }), 'RD-052 TLS_KEY'],
  'SR-28: finds a key of another kind': [parts({ key: issue({ keyPair: rsa(2_048) }).key }), 'RD-052 TLS_KEY'],
  'SR-27: finds a short RSA key': [parts(issue({ keyPair: rsa(1_024) })), 'RD-053 TLS_CERTIFICATE_FILE'],
  'SR-27: finds a curve that no suite of ours has': [
    parts(issue({ keyPair: ec('secp256k1') })),
    'RD-053 TLS_CERTIFICATE_FILE',
  ],
  'SR-27: finds a signature over SHA-1': [parts(issue({ signatureHash: 'sha1' })), 'RD-053 TLS_CERTIFICATE_FILE'],
  'SR-53: finds a certificate that is its own issuer': [
    parts(issue({ issuer: 'itself' })),
    'RD-054 TLS_CERTIFICATE_FILE',
  ],
  'SR-28: finds an internal certificate of more than 90 days': [
    parts(issue({ validToMs: NOW_MS + 61 * DAY_MS })),
    'RD-055 TLS_CERTIFICATE_FILE',
  ],
  'SR-28: finds a client authority that is none': [
    parts({ clientAuthority: issue().certificate }),
    'RD-056 TLS_CLIENT_CA_FILE',
  ],
  'SR-28: finds a certificate for clients': [
    parts(issue({ usages: [CLIENT_AUTHENTICATION] })),
    'RD-057 TLS_CERTIFICATE_FILE',
  ],
  'SR-28: finds a listener that is an authority': [parts(issue({ kind: 'authority' })), 'RD-057 TLS_CERTIFICATE_FILE'],
  'SR-28: finds a certificate that is no PEM': [parts({ certificate: 'MIIB' }), 'RD-058 TLS_CERTIFICATE_FILE'],
  'SR-28: finds a certificate whose PEM holds none': [parts({ certificate: garbled }), 'RD-058 TLS_CERTIFICATE_FILE'],
  'SR-28: finds a key that is no PEM': [parts({ key: good.certificate }), 'RD-058 TLS_KEY'],
  'SR-28: finds an empty client authority': [parts({ clientAuthority: '' }), 'RD-058 TLS_CLIENT_CA_FILE'],
  'SR-28: finds a certificate without names': [parts(issue({ names: [] })), 'RD-059 TLS_CERTIFICATE_FILE'],
};

describe('judgeTls', () => {
  it.each(Object.entries(bad))('%s', (_name, [tls, ...found]) => {
    expect(findingsOf(tls)).toStrictEqual(found);
  });

  it.each([
    ['a certificate of our own authority', parts()],
    ['with its issuer behind it', parts({ certificate: good.certificate + authority.certificate })],
    ['for any use', parts(issue({ usages: [] }))],
    ['with an RSA key of 2048 bits', parts(issue({ keyPair: rsa(2_048) }))],
    ['with a key on P-384', parts(issue({ keyPair: ec('secp384r1') }))],
    ['with an Ed25519 key', parts(issue({ keyPair: generateKeyPairSync('ed25519') }))],
  ])('finds nothing in %s', (_name, tls) => {
    expect(findingsOf(tls)).toStrictEqual([]);
  });

  it('SR-28: takes a long life where everybody may connect', () => {
    const { certificate, key } = issue({ validToMs: NOW_MS + 200 * DAY_MS });
    expect(findingsOf({ certificate, key: Secret.of(key), names, nowMs: NOW_MS })).toStrictEqual([]);
  });

  it('SR-53: says nothing of what the files hold', () => {
    const said = JSON.stringify(Object.values(bad).flatMap(([tls]) => judgeTls(readTlsFacts(tls))));
    expect(said).not.toMatch(/localhost|127\.0\.0\.1|BEGIN|CN=/);
  });
});
