import {
  createOutboundClient,
  type OutboundClient,
  parseOutboundUrl,
  portOf,
  type Reach,
  type ResolveHost,
} from '@redoubt/outbound';

import { IssuerDocumentError } from '../errors.ts';
import { readDocument } from './read-document.ts';

/** How a document is fetched. */
export interface FetchOptions {
  readonly reach: Reach;
  /** Ends the attempt, from the first look-up to the last byte. */
  readonly signal: AbortSignal;
  /** Default: the system's resolver. */
  readonly resolveHost?: ResolveHost;
}

/**
 * Fetches an object of JSON: over https from an address within reach, which is checked on the very addresses that are
 * connected to; from a 200 and no redirect; not encoded, and of 64 KiB at most (SR-15, SR-29).
 *
 * @throws {IssuerDocumentError}
 */
export async function fetchDocument(text: string, options: FetchOptions): Promise<ReadonlyMap<string, unknown>> {
  const url = parseOutboundUrl(text, options.reach);
  if (url === undefined) throw new IssuerDocumentError('address-not-allowed');
  // A client of its own: an issuer's discovery document decides which host has its keys, and no connection is kept.
  const client = createDocumentClient(url, options);
  try {
    return await readDocument(client, { url, signal: options.signal });
  } finally {
    await client.close();
  }
}

function createDocumentClient(url: URL, { reach, resolveHost }: FetchOptions): OutboundClient {
  return createOutboundClient({
    // What is fetched serves every request: whichever came first is nothing that the issuer need know.
    hosts: [{ host: url.hostname, port: portOf(url), reach, correlation: 'withheld' }],
    ...(resolveHost === undefined ? {} : { resolveHost }),
  });
}
