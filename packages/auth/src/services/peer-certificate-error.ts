import type { SpiffeId } from './spiffe-id.ts';

/** What is wrong with the certificate at the other end of a connection. For logs: a peer learns only that it is refused. */
export type PeerCertificateFault =
  | 'absent'
  | 'authority'
  | 'usage'
  | 'lifetime'
  | 'names'
  | 'unlisted'
  | 'expired'
  | 'not-yet-valid';

/** The other end of a connection was refused. One code and one message for every fault (SR-28, SR-37). */
export class PeerCertificateError extends Error {
  override readonly name = 'PeerCertificateError';
  readonly code = 'invalid_peer_certificate';
  readonly reason: PeerCertificateFault;
  /** Who it is, where the certificate says so beyond doubt. */
  readonly serviceId: SpiffeId | undefined;

  constructor(reason: PeerCertificateFault, serviceId?: SpiffeId) {
    super('the certificate of the connection is not accepted');
    this.reason = reason;
    this.serviceId = serviceId;
  }
}
