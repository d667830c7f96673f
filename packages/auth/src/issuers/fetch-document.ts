import { Buffer } from 'node:buffer';
import { lookup } from 'node:dns';
import { once } from 'node:events';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request } from 'node:https';
import type { LookupFunction } from 'node:net';

import { IssuerDocumentError } from '../errors.ts';
import { parseJsonObject } from '../tokens/json-object.ts';
import { parseDocumentAddress } from './document-address.ts';
import { isReachable, type Reach } from './reachable-address.ts';

/** Largest document that is read: 64 KiB (SR-15); the key sets of large providers have about 10. */
const MAX_DOCUMENT_BYTES = 64 * 1024;

/** Finds the addresses of a host, as `dns.lookup` does. */
export type ResolveHost = typeof lookup;

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
  const url = parseDocumentAddress(text, options.reach);
  if (url === undefined) throw new IssuerDocumentError('address-not-allowed');
  try {
    const bytes = await readBody(await send(url, options));
    return parseJsonObject(bytes) ?? refuse('not-json');
  } catch (error) {
    if (error instanceof IssuerDocumentError) throw error;
    throw new IssuerDocumentError(options.signal.aborted ? 'timeout' : 'connection', { cause: error });
  }
}

async function send(url: URL, { reach, signal, resolveHost = lookup }: FetchOptions): Promise<IncomingMessage> {
  const sent = (url.protocol === 'https:' ? request : requestPlain)(url, {
    signal,
    lookup: createCheckedLookup(reach, resolveHost),
    // A connection of its own: none that something else opened is used.
    agent: false,
    headers: { accept: 'application/json', 'accept-encoding': 'identity' },
  });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  // A fault of the connection while the body is read is told by the response; here it would be nobody's.
  sent.on('error', () => undefined);
  return response;
}

/** Every address is checked, and the checked ones are connected to: a second answer of the resolver is never asked. */
function createCheckedLookup(reach: Reach, resolveHost: ResolveHost): LookupFunction {
  return (hostname, options, callback) => {
    resolveHost(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '');
        return;
      }
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isReachable(address, reach))) {
        callback(new IssuerDocumentError('address-not-allowed'), '');
        return;
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  try {
    if (response.statusCode !== 200) refuse('status');
    if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') refuse('encoding');
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_DOCUMENT_BYTES) refuse('too-large');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    response.destroy();
  }
}

function refuse(reason: 'status' | 'encoding' | 'too-large' | 'not-json'): never {
  throw new IssuerDocumentError(reason);
}
