import type { SpiffeId } from '../services/spiffe-id.ts';

/** What is wrong with a signed request. For logs: a caller learns only that it is not authenticated. */
export type SignatureFault =
  | 'form'
  | 'components'
  | 'parameters'
  | 'purpose'
  | 'digest'
  | 'stale'
  | 'future'
  | 'expired'
  | 'unknown-key'
  | 'algorithm'
  | 'signature'
  | 'replayed'
  | 'other-peer';

/** A signed request was refused. One code and one message for every fault (SR-37, SR-42). */
export class InvalidSignatureError extends Error {
  override readonly name = 'InvalidSignatureError';
  readonly code = 'invalid_signature';
  /** For logs only; one of a fixed set, never a part of the request. */
  readonly reason: SignatureFault;
  /** Whose signature it is, where that was proven. */
  readonly serviceId: SpiffeId | undefined;

  constructor(reason: SignatureFault, serviceId?: SpiffeId) {
    super('the signature of the request is not accepted');
    this.reason = reason;
    this.serviceId = serviceId;
  }
}
