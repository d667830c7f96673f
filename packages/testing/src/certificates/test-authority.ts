import { Buffer } from 'node:buffer';
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der.ts';

/** A name in the SubjectAlternativeName extension; the bytes of its value are written as they are. */
export interface AlternativeName {
  readonly kind: keyof typeof GENERAL_NAMES;
  readonly value: string | Buffer;
}

/** A private key and its public one. */
interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** What a certificate under test says; what is left out is as a service's certificate should be. */
export interface CertificateContent {
  readonly names?: readonly AlternativeName[];
  /** Object identifiers of the extended key usage; an empty list leaves the extension out. */
  readonly usages?: readonly string[];
  readonly kind?: 'leaf' | 'authority';
  readonly validFromMs?: number;
  readonly validToMs?: number;
  /** Of the certificate's owner; a new one on P-256 when absent. */
  readonly keyPair?: KeyPair;
  /** Who signs: the authority, or the owner's own key, which must then be an elliptic one. */
  readonly issuer?: 'authority' | 'itself';
  readonly signatureHash?: keyof typeof SIGNATURE_ALGORITHMS;
}

/** A certificate with its private key, in PEM. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Signs certificates of a test. Nothing of it outlives the process. */
export interface TestAuthority {
  /** Its own certificate, in PEM. */
  readonly certificate: string;
  issue(content?: CertificateContent): TestCertificate;
}

/** Extended key usages (RFC 5280, section 4.2.1.12). */
export const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
export const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';

/** Tags of GeneralName (RFC 5280, section 4.2.1.6). */
const GENERAL_NAMES = { email: 1, dns: 2, uri: 6, ip: 7 } as const;

/** ECDSA over each hash (RFC 5758, RFC 3279). */
const SIGNATURE_ALGORITHMS = { sha256: '1.2.840.10045.4.3.2', sha1: '1.2.840.10045.4.1' } as const;

const COMMON_NAME = '2.5.4.3';
const ALTERNATIVE_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const VERSION_3 = Buffer.from([2]);
const SERIAL_BYTES = 15;
const HOUR_MS = 3_600_000;

/**
 * Creates an authority whose certificates are valid for an hour around an instant: the system's now by default. Its
 * own is valid for as long, or until the given instant.
 */
export function createTestAuthority(nowMs: number = Date.now(), validToMs: number = nowMs + HOUR_MS): TestAuthority {
  const { privateKey, publicKey } = createKeyPair();
  const hour = { validFromMs: nowMs - HOUR_MS, validToMs: nowMs + HOUR_MS };
  const authority: Party = { name: AUTHORITY, privateKey, publicKey };
  return {
    certificate: toPem(signCertificate(authority, authority, { ...hour, kind: 'authority', validToMs })),
    issue(content = {}) {
      const owner: Party = { name: 'leaf', ...(content.keyPair ?? createKeyPair()) };
      const whole = { usages: [CLIENT_AUTHENTICATION], ...hour, ...content };
      return {
        certificate: toPem(signCertificate(content.issuer === 'itself' ? owner : authority, owner, whole)),
        key: owner.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      };
    },
  };
}

/** Somebody with a name and a key. */
interface Party extends KeyPair {
  readonly name: string;
}

/** Every authority has this name: a forger would choose it, too. */
const AUTHORITY = 'authority';

/** What a listener presents on the loopback. */
export const loopbackServer: CertificateContent = {
  usages: [SERVER_AUTHENTICATION],
  names: [
    { kind: 'dns', value: 'localhost' },
    { kind: 'ip', value: Buffer.from([127, 0, 0, 1]) },
  ],
};

function createKeyPair() {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

function signCertificate(
  issuer: Party,
  owner: Party,
  content: CertificateContent & { readonly validFromMs: number; readonly validToMs: number },
): Buffer {
  const { signatureHash = 'sha256' } = content;
  const algorithm = sequence(objectIdentifier(SIGNATURE_ALGORITHMS[signatureHash]));
  const toBeSigned = sequence(
    explicit(0, integer(VERSION_3)),
    integer(createSerialNumber()),
    algorithm,
    nameOf(issuer.name),
    sequence(time(content.validFromMs), time(content.validToMs)),
    nameOf(owner.name),
    owner.publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensionsOf(content))),
  );
  return sequence(toBeSigned, algorithm, bitString(sign(signatureHash, toBeSigned, issuer.privateKey)));
}

/** Of a fixed length: DER drops leading zeros. */
function createSerialNumber(): Buffer {
  return Buffer.concat([Buffer.from([1]), randomBytes(SERIAL_BYTES)]);
}

function nameOf(commonName: string): Buffer {
  return sequence(set(sequence(objectIdentifier(COMMON_NAME), utf8String(commonName))));
}

function extensionsOf({ kind = 'leaf', usages = [], names = [] }: CertificateContent): Buffer[] {
  const constraints = kind === 'authority' ? sequence(boolean(true)) : sequence();
  const extensions = [extension(BASIC_CONSTRAINTS, constraints)];
  if (usages.length > 0) extensions.push(extension(EXTENDED_KEY_USAGE, sequence(...usages.map(objectIdentifier))));
  const generalNames = names.map(({ kind, value }) => implicit(GENERAL_NAMES[kind], Buffer.from(value)));
  if (names.length > 0) extensions.push(extension(ALTERNATIVE_NAME, sequence(...generalNames)));
  return extensions;
}

function extension(name: string, content: Buffer): Buffer {
  return sequence(objectIdentifier(name), octetString(content));
}

function toPem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
