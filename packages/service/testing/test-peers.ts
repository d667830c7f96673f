import { X509Certificate } from 'node:crypto';

import type { CertificateReader } from '@redoubt/auth';
import { createTestAuthority } from '@redoubt/testing';

export const BILLING = 'spiffe://example.internal/ns/billing';
export const UNLISTED = 'spiffe://example.internal/ns/unlisted';
export const EDGE = 'spiffe://example.internal/edge';

/** Whom a service under test admits. */
export const peers = { services: [BILLING], edges: [EDGE] } as const;

/** Says in a request without a connection whose certificate it came with; read by tests alone. */
const CERTIFICATE_HEADER = 'x-test-certificate';

/** The headers of a request from a peer. */
export function from(serviceId: string): Record<string, string> {
  return { [CERTIFICATE_HEADER]: serviceId };
}

/** Stands in for the socket, which a request that is injected does not have; what is read from it is as in production. */
export function createCertificateReader(nowMs: number): CertificateReader {
  const authority = createTestAuthority(nowMs);
  const certificates = new Map(
    [BILLING, UNLISTED, EDGE].map((value) => [
      value,
      new X509Certificate(authority.issue({ names: [{ kind: 'uri', value }] }).certificate),
    ]),
  );
  return ({ headers }) => certificates.get(String(headers[CERTIFICATE_HEADER]));
}
