import { X509Certificate } from 'node:crypto';

/** What a certificate says of itself; nothing of it is a name of anybody. */
export interface CertificateFacts {
  readonly validFromMs: number;
  readonly validToMs: number;
  /** As Node names it: `ec`, `rsa`, `ed25519`. */
  readonly keyType: string | undefined;
  /** Bits of an RSA key's modulus. */
  readonly modulusBits: number | undefined;
  /** As OpenSSL names it: `prime256v1`. */
  readonly curve: string | undefined;
  /** As OpenSSL names it: `ecdsa-with-SHA256`. */
  readonly signature: string | undefined;
  /** Signed with the key that it certifies. */
  readonly isSelfSigned: boolean;
  readonly isAuthority: boolean;
  /** Object identifiers of the extended key usage; absent when the certificate is for every use. */
  readonly usages: readonly string[] | undefined;
  readonly hasAlternativeNames: boolean;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM text in their order, or `undefined` when one cannot be read or there is none. */
export function parseCertificates(pem: string): readonly X509Certificate[] | undefined {
  try {
    const certificates = (pem.match(CERTIFICATE) ?? []).map((text) => new X509Certificate(text));
    return certificates.length === 0 ? undefined : certificates;
  } catch {
    // It becomes a finding of its own (RD-058); the library's words add nothing that a person can act on.
    return undefined;
  }
}

/** What the self-check judges of a certificate. */
export function certificateFactsOf(certificate: X509Certificate): CertificateFacts {
  const { publicKey } = certificate;
  return {
    validFromMs: certificate.validFromDate.getTime(),
    validToMs: certificate.validToDate.getTime(),
    keyType: publicKey.asymmetricKeyType,
    modulusBits: publicKey.asymmetricKeyDetails?.modulusLength,
    curve: publicKey.asymmetricKeyDetails?.namedCurve,
    signature: certificate.signatureAlgorithm,
    isSelfSigned: certificate.issuer === certificate.subject && certificate.verify(publicKey),
    isAuthority: certificate.ca,
    // Node answers undefined for an absent extension, which its types do not say.
    usages: certificate.keyUsage,
    hasAlternativeNames: certificate.subjectAltName !== undefined,
  };
}
