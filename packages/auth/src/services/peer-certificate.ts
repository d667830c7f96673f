import type { X509Certificate } from 'node:crypto';

import { readUriNames } from './alternative-names.ts';
import { PeerCertificateError } from './peer-certificate-error.ts';
import { isSpiffeId, type SpiffeId } from './spiffe-id.ts';

/** Longest validity of a service's certificate, in days (SR-28): what leaks stops working by itself. */
export const MAX_PEER_CERTIFICATE_DAYS = 90;

const DAY_MS = 86_400_000;

/** Extended key usage "client authentication" (RFC 5280, section 4.2.1.12). "Any" and an absent one do not count. */
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';

/** What a certificate says of its holder. */
export interface PeerCertificate {
  readonly serviceId: SpiffeId;
  /** Milliseconds since 1970. */
  readonly validFromMs: number;
  readonly validToMs: number;
}

/**
 * Reads who holds a certificate, as X509-SVID, sections 2 to 5, demands: a leaf, for client authentication, with one URI
 * and that a SPIFFE id. Its signature is TLS's to check, its dates the caller's.
 *
 * @throws {PeerCertificateError} for a certificate that is not of this form.
 */
export function readPeerCertificate(certificate: X509Certificate): PeerCertificate {
  if (certificate.ca) throw new PeerCertificateError('authority');
  // Node calls the extended key usage `keyUsage`, and leaves it undefined where the certificate has none.
  const usages: readonly string[] | undefined = certificate.keyUsage;
  if (!(usages ?? []).includes(CLIENT_AUTHENTICATION)) throw new PeerCertificateError('usage');
  const serviceId = readServiceId(certificate.subjectAltName);
  const validFromMs = certificate.validFromDate.getTime();
  const validToMs = certificate.validToDate.getTime();
  if (!(validToMs - validFromMs <= MAX_PEER_CERTIFICATE_DAYS * DAY_MS))
    throw new PeerCertificateError('lifetime', serviceId);
  return { serviceId, validFromMs, validToMs };
}

function readServiceId(subjectAltName: string | undefined): SpiffeId {
  const [uri, ...others] = (subjectAltName === undefined ? [] : readUriNames(subjectAltName)) ?? [];
  if (uri === undefined || others.length > 0 || !isSpiffeId(uri)) throw new PeerCertificateError('names');
  return uri;
}
