import {
  createOutboundClient,
  type OutboundClient,
  OutboundError,
  type OutboundFault,
  type Reach,
  type ResolveHost,
  parseOutboundUrl,
  portOf,
} from '@redoubt/outbound';

import { IssuerDocumentError, type IssuerDocumentFault } from '../errors.ts';
import { parseJsonObject } from '../tokens/json-object.ts';

/** Largest document that is read: 64 KiB (SR-15); the key sets of large providers have about 10. */
const MAX_DOCUMENT_BYTES = 64 * 1024;

/** What a call's fault is for a document; what is not named is `connection`. */
const FAULTS: Partial<Record<OutboundFault, IssuerDocumentFault>> = {
  'address-not-allowed': 'address-not-allowed',
  timeout: 'timeout',
  // The signal is the end of the whole attempt.
  aborted: 'timeout',
  redirect: 'status',
  encoding: 'encoding',
  'too-large': 'too-large',
};

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
    const headers = { accept: 'application/json' };
    const { status, body } = await client.request({ method: 'GET', url, headers, signal: options.signal });
    if (status !== 200) throw new IssuerDocumentError('status');
    const document = parseJsonObject(body);
    if (document === undefined) throw new IssuerDocumentError('not-json');
    return document;
  } catch (error) {
    if (error instanceof IssuerDocumentError) throw error;
    const fault = error instanceof OutboundError ? FAULTS[error.code] : undefined;
    throw new IssuerDocumentError(fault ?? 'connection', { cause: error });
  } finally {
    await client.close();
  }
}

function createDocumentClient(url: URL, { reach, resolveHost }: FetchOptions): OutboundClient {
  return createOutboundClient({
    // What is fetched serves every request: whichever came first is nothing that the issuer need know.
    hosts: [{ host: url.hostname, port: portOf(url), reach, correlation: 'withheld' }],
    maxResponseBytes: MAX_DOCUMENT_BYTES,
    ...(resolveHost === undefined ? {} : { resolveHost }),
  });
}
