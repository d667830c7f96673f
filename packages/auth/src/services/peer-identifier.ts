import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

import type { ServicePrincipal } from '../access/principal.ts';
import { type PeerCertificate, readPeerCertificate } from './peer-certificate.ts';
import { PeerCertificateError } from './peer-certificate-error.ts';
import { parseSpiffeId, type SpiffeId } from './spiffe-id.ts';

/** Who holds the other end of a connection: the edge, which speaks for its clients, or a service, which speaks for itself. */
export type Peer = { readonly kind: 'edge'; readonly serviceId: SpiffeId } | ServicePrincipal;

/**
 * Answers who holds the other end of the connection that a request came on.
 * Throws a {@link PeerCertificateError} for everybody who is not listed, or not any more.
 */
export type PeerIdentifier = (request: IncomingMessage) => Peer;

/** Whom a listener admits. */
export interface PeerIdentifierOptions {
  /** Services that may call, by name. */
  readonly services: readonly string[];
  /** Hops in front, by name: they are nobody themselves. */
  readonly edges?: readonly string[];
  /** Milliseconds since 1970. Default: the system clock. */
  readonly now?: () => number;
  /** Default: {@link readVerifiedCertificate}. Tests that have no connection bring their own. */
  readonly readCertificate?: CertificateReader;
}

/** The certificate of the other end, after its chain was verified; `undefined` without one. */
export type CertificateReader = (request: IncomingMessage) => X509Certificate | undefined;

/** What is kept for each connection: its certificate does not change while it lasts. */
type Verdict = { readonly peer: Peer; readonly certificate: PeerCertificate } | PeerCertificateError;

/**
 * Creates the check of "which certificate connected" (SR-28): one of the authority's certificates is not enough, its
 * name must be on a list. A connection is judged once; its certificate's dates, at each request, so that a connection
 * does not outlive its certificate. Throws a `TypeError` for a list that cannot be meant.
 */
export function createPeerIdentifier(options: PeerIdentifierOptions): PeerIdentifier {
  const { now = Date.now, readCertificate = readVerifiedCertificate } = options;
  const peers = listPeers(options);
  const verdicts = new WeakMap<object, Verdict>();
  return (request) => {
    const verdict = verdicts.get(request.socket) ?? judge(readCertificate(request), peers);
    verdicts.set(request.socket, verdict);
    if (verdict instanceof PeerCertificateError) throw verdict;
    assertInTime(verdict.certificate, now());
    return verdict.peer;
  };
}

/** The certificate that TLS verified against the configured authority. What it did not verify is no certificate. */
export function readVerifiedCertificate({ socket }: IncomingMessage): X509Certificate | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  return socket.getPeerX509Certificate();
}

function listPeers({ services, edges = [] }: PeerIdentifierOptions): ReadonlyMap<string, Peer> {
  const peers = new Map<string, Peer>();
  for (const id of services) peers.set(id, { kind: 'service', serviceId: parseSpiffeId(id) });
  for (const id of edges) {
    // Whoever came through such an edge, without a token, would be that service.
    if (peers.has(id)) throw new TypeError('an edge must not be listed as a service');
    peers.set(id, { kind: 'edge', serviceId: parseSpiffeId(id) });
  }
  if (peers.size === 0) throw new TypeError('a listener that admits nobody: list its services or its edge');
  return peers;
}

function judge(presented: X509Certificate | undefined, peers: ReadonlyMap<string, Peer>): Verdict {
  try {
    if (presented === undefined) return new PeerCertificateError('absent');
    const certificate = readPeerCertificate(presented);
    const peer = peers.get(certificate.serviceId);
    return peer === undefined ? new PeerCertificateError('unlisted', certificate.serviceId) : { peer, certificate };
  } catch (error) {
    if (error instanceof PeerCertificateError) return error;
    throw error;
  }
}

/** TLS looked at the dates once, by the system's clock (RFC 5280, section 6.1.3). */
function assertInTime({ serviceId, validFromMs, validToMs }: PeerCertificate, nowMs: number): void {
  if (!(nowMs >= validFromMs)) throw new PeerCertificateError('not-yet-valid', serviceId);
  if (!(nowMs <= validToMs)) throw new PeerCertificateError('expired', serviceId);
}
