import type { OutboundClient, OutboundRequest } from '@redoubt/outbound';

import type { RequestSigner } from './request-signer.ts';
import { SIGNATURE_HEADERS } from './signature-profile.ts';

/**
 * Puts a signature on every call of a client (SR-42). The client's own rules stay as they are: which hosts, within which
 * reach, and that nothing is tried again.
 */
export function createSignedOutboundClient(client: OutboundClient, signer: RequestSigner): OutboundClient {
  return {
    // Async, so that wrong use rejects, as it does without a signature.
    async request(request) {
      return client.request({ ...request, headers: { ...ownHeaders(request), ...signer.sign(request) } });
    },
    close: () => client.close(),
  };
}

/** Two of a kind would be refused by the other side. */
function ownHeaders({ headers = {} }: OutboundRequest): Readonly<Record<string, string>> {
  const names: readonly string[] = SIGNATURE_HEADERS;
  if (Object.keys(headers).some((name) => names.includes(name.toLowerCase())))
    throw new TypeError('a signed call does not set a header that the signature sets');
  return headers;
}
