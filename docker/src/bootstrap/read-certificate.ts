import './reflect-metadata.ts';
import { X509Certificate } from 'node:crypto';

import { type Extension, X509Certificate as DecodedCertificate } from '@peculiar/x509';

/** Reads a file that holds one certificate in PEM; `undefined` for anything else, a cut-off one included. */
export function readCertificate(pem: string): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(pem);
    // A parser takes the first certificate that it finds, whatever stands around it.
    return certificate.toString() === pem ? certificate : undefined;
  } catch {
    // The caller says what becomes of one that cannot be read.
    return undefined;
  }
}

/** Whether a certificate has exactly these extensions, byte for byte. */
export function hasExtensions(certificate: X509Certificate, extensions: readonly Extension[]): boolean {
  const actual = new DecodedCertificate(certificate.raw).extensions;
  return actual.length === extensions.length && extensions.every((extension, at) => extension.equal(actual[at]));
}
