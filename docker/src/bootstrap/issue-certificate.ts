import './reflect-metadata.ts';
import { Buffer } from 'node:buffer';
import { type KeyObject, X509Certificate } from 'node:crypto';

import { type Extension, X509CertificateGenerator } from '@peculiar/x509';

import { AUTHORITY_DAYS, type AuthorityName } from './authorities.ts';
import { authorityExtensions, leafExtensions, toPublicKey, toSigningKey } from './certificate-extensions.ts';
import { DAY_MS } from './days.ts';
import { LEAF_DAYS, type LeafName, type LeafProfile } from './leaves.ts';

/** A certificate holds from an hour back: clocks of a virtual machine and its host differ after a sleep. */
const BACKDATED_MS = 3_600_000;

/** An authority that signs. */
export interface Signer {
  readonly name: AuthorityName;
  readonly key: KeyObject;
}

/** Signs the certificate of an authority, by its own key. In PEM. */
export async function issueAuthority({ name, key }: Signer, nowMs: number): Promise<string> {
  const extensions = await authorityExtensions(key);
  return issue({ subject: authorityTitle(name), key, extensions, days: AUTHORITY_DAYS }, { name, key }, nowMs);
}

/** Signs the certificate of a leaf. In PEM. */
export async function issueLeaf(
  leaf: { readonly name: LeafName; readonly profile: LeafProfile; readonly key: KeyObject },
  signer: Signer,
  nowMs: number,
): Promise<string> {
  const extensions = await leafExtensions(leaf.profile, leaf.key, signer.key);
  return issue({ subject: `Redoubt ${leaf.name}`, key: leaf.key, extensions, days: LEAF_DAYS }, signer, nowMs);
}

interface Content {
  readonly subject: string;
  readonly key: KeyObject;
  readonly extensions: readonly Extension[];
  /** From the first to the last instant. */
  readonly days: number;
}

/** The library draws the serial number: 128 random bits, made positive (RFC 5280, section 4.1.2.2). */
async function issue({ subject, key, extensions, days }: Content, signer: Signer, nowMs: number): Promise<string> {
  const notBefore = nowMs - BACKDATED_MS;
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: [subject] }],
    issuer: [{ CN: [authorityTitle(signer.name)] }],
    notBefore: new Date(notBefore),
    notAfter: new Date(notBefore + days * DAY_MS),
    publicKey: toPublicKey(key),
    signingKey: toSigningKey(signer.key),
    extensions: [...extensions],
  });
  // Node's spelling of PEM is the one that files are compared with.
  return new X509Certificate(Buffer.from(certificate.rawData)).toString();
}

function authorityTitle(name: AuthorityName): string {
  return `Redoubt local ${name} authority`;
}
