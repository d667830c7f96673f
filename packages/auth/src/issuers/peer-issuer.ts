import type { OutboundClient } from '@redoubt/outbound';

/**
 * Another service of the same house, whose access tokens are taken as it writes them: with its ids of people, sessions and
 * tokens, and its names of roles. One that could name the people of another issuer is no such peer.
 */
export interface PeerIssuer {
  /** `iss`, byte for byte: its public origin, which need not be where it is called. */
  readonly issuer: string;
  /** `aud`, byte for byte; a token for several audiences is refused. */
  readonly audience: string;
  /** Where its key set is, for the client below. */
  readonly keySetUrl: string;
  /** Calls that peer and nobody else, and decides by whom it is proven (SR-28, SR-29). Whoever made it closes it. */
  readonly client: OutboundClient;
}
