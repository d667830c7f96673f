import type { IncomingMessage } from 'node:http';

import type { FastifyRequest } from 'fastify';

import { AppError } from '../errors/app-error.ts';
import { MAX_HEADER_COUNT, MAX_URL_BYTES } from '../limits.ts';
import { type AllowedHosts, createHostCheck } from './02-allowed-hosts.ts';
import { hostNameOf } from './02-host-name.ts';
import { isNormalTarget } from './02-request-target.ts';
import { hasDoubledHeader } from './02-single-headers.ts';

/**
 * Makes step 2: refuses what no honest client of a JSON API sends, before any step of a route sees it (SR-21). The edge,
 * the router and the access rule read the same path, the same host and the same headers, or nobody reads any.
 *
 * @throws {TypeError} for a list without a host, or with one that no `Host` header can match.
 */
export function createScreenRequest(allowedHosts: AllowedHosts) {
  const hostFaultOf = rememberLast(createHostCheck(allowedHosts));
  return ({ raw }: FastifyRequest): AppError | undefined => findFault(raw, hostFaultOf);
}

/** What is wrong with a `Host` header; nothing: it names a host of this service. */
type HostFault = 'names none' | 'names another' | undefined;

/** Reads the header, unless it is the one that was right last: nearly all requests name the same host. */
function rememberLast(isAllowed: (host: string) => boolean): (header: string) => HostFault {
  let lastAllowed: string | undefined;
  return (header) => {
    if (header === lastAllowed) return undefined;
    const host = hostNameOf(header);
    if (host === undefined) return 'names none';
    if (!isAllowed(host)) return 'names another';
    lastAllowed = header;
    return undefined;
  };
}

function findFault(raw: IncomingMessage, hostFaultOf: (header: string) => HostFault): AppError | undefined {
  const { url = '', rawHeaders, headers } = raw;
  if (url.length > MAX_URL_BYTES) return new AppError('url-too-long', { suspicion: 'extraneous' });
  if (rawHeaders.length / 2 > MAX_HEADER_COUNT) return new AppError('headers-too-large', { suspicion: 'extraneous' });
  // Before anything else is said: a client that asks for `http://other/` is told the same as one that asks for `//`.
  if (!isNormalTarget(url)) return refuse('must ask for a path in normal form');
  if (hasDoubledHeader(rawHeaders, headers)) return refuse('must send each of its headers once');
  // Node would answer an absent one itself, without a body and without our headers (RFC 9112, section 3.2).
  const hostFault = hostFaultOf(headers.host ?? '');
  if (hostFault === undefined) return undefined;
  return refuse(hostFault === 'names none' ? 'must name a host' : 'must name a host of this service');
}

/** What was wrong is told, for an honest client's author; where it was is not, for it would repeat the input. */
function refuse(message: string): AppError {
  return new AppError('invalid-request', { faults: [{ pointer: '', message }], suspicion: 'extraneous' });
}
