import { type OutboundClient, OutboundError, type OutboundFault } from '@redoubt/outbound';

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

/** Which document is read, and until when. */
export interface DocumentRequest {
  readonly url: string | URL;
  /** Ends the attempt, from the first look-up to the last byte. */
  readonly signal: AbortSignal;
}

/**
 * Reads an object of JSON by a client, which decides whom it reaches: from a 200 and no redirect; not encoded, and of
 * 64 KiB at most (SR-15).
 *
 * @throws {IssuerDocumentError}
 */
export async function readDocument(
  client: OutboundClient,
  { url, signal }: DocumentRequest,
): Promise<ReadonlyMap<string, unknown>> {
  const { status, body } = await client
    .request({
      method: 'GET',
      url,
      headers: { accept: 'application/json' },
      signal,
      maxResponseBytes: MAX_DOCUMENT_BYTES,
    })
    .catch((error: unknown) => {
      const fault = error instanceof OutboundError ? FAULTS[error.code] : undefined;
      throw new IssuerDocumentError(fault ?? 'connection', { cause: error });
    });
  if (status !== 200) throw new IssuerDocumentError('status');
  const document = parseJsonObject(body);
  if (document === undefined) throw new IssuerDocumentError('not-json');
  return document;
}
