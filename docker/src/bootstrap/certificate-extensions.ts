import './reflect-metadata.ts';
import { createPublicKey, type KeyObject } from 'node:crypto';

import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
} from '@peculiar/x509';

import type { LeafProfile } from './leaves.ts';

/** Extended key usages (RFC 5280, section 4.2.1.12). */
const USAGES = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;

/** An authority signs leaves and no other authority. */
const NO_AUTHORITY_BELOW = 0;

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** The extensions of an authority's certificate, all of them, in order (RFC 5280, section 4.2.1). */
export async function authorityExtensions(key: KeyObject): Promise<readonly Extension[]> {
  return [
    new BasicConstraintsExtension(true, NO_AUTHORITY_BELOW, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    await SubjectKeyIdentifierExtension.create(toPublicKey(key)),
  ];
}

/** The extensions of a leaf, all of them, in order: a certificate that has others is not one of this profile. */
export async function leafExtensions(
  { usage, names }: LeafProfile,
  key: KeyObject,
  authorityKey: KeyObject,
): Promise<readonly Extension[]> {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([USAGES[usage]]),
    new SubjectAlternativeNameExtension([...names]),
    await SubjectKeyIdentifierExtension.create(toPublicKey(key)),
    await AuthorityKeyIdentifierExtension.create(toPublicKey(authorityKey)),
  ];
}

/** The public half of a private key, for the library. */
export function toPublicKey(key: KeyObject): CryptoKey {
  return createPublicKey(key).toCryptoKey(CURVE, true, ['verify']);
}

/** A private key that signs certificates, for the library, and cannot be taken out of it again. */
export function toSigningKey(key: KeyObject): CryptoKey {
  return key.toCryptoKey(CURVE, false, ['sign']);
}
