import type { Pool } from 'undici';

import { type AllowedHost, type AllowedTarget, createAllowedHosts } from './allowed-hosts.ts';
import type { ResolveHost } from './checked-lookup.ts';
import { classifyFault } from './classify-fault.ts';
import { createConnectionPool } from './connection-pool.ts';
import { correlationFor, type Propagate } from './correlation.ts';
import { withDeadline } from './deadline.ts';
import { OutboundError } from './outbound-error.ts';
import { type OutboundResponse, readResponse } from './read-response.ts';
import { createRequestHeaders } from './request-headers.ts';
import { assertTlsMaterial, type ClientCertificateSource } from './tls-options.ts';

/** How long a call may take, from the look-up to the last byte: 5 s (SR-29). */
export const DEFAULT_DEADLINE_MS = 5000;
/** Largest answer that is read: 1 MiB (SR-29). */
export const DEFAULT_MAX_RESPONSE_BYTES = 1024 * 1024;
/** No call of a service that answers people takes longer: 5 min. */
const MAX_DEADLINE_MS = 300_000;
/** What is read is held in memory: 64 MiB at most. */
const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;
/** Calls to one host at a time, of which ten are on their way: a host that hangs must not gather the service's memory. */
const MAX_CALLS = 100;

/** What a client may call, and how. */
export interface OutboundClientOptions {
  /** The exact hosts that may be called; all others are refused. */
  readonly hosts: readonly AllowedHost[];
  /** Default: {@link DEFAULT_DEADLINE_MS}. */
  readonly deadlineMs?: number;
  /** Default: {@link DEFAULT_MAX_RESPONSE_BYTES}. */
  readonly maxResponseBytes?: number;
  /** Authorities (PEM) that are believed in place of the public ones. */
  readonly ca?: string;
  /** Presented to every host of this client that asks for one (SR-28). */
  readonly clientCertificate?: ClientCertificateSource;
  /** For tests. Default: the system's resolver. */
  readonly resolveHost?: ResolveHost;
  /** Headers of the present request for hosts that get them. Default: its correlation id and trace context (SR-47). */
  readonly propagate?: Propagate;
}

/** One call. */
export interface OutboundRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Default: the client's. */
  readonly deadlineMs?: number;
  /** Default: the client's. */
  readonly maxResponseBytes?: number;
}

/** Makes calls that leave the service. */
export interface OutboundClient {
  /**
   * Calls an allowed host once: nothing is followed and nothing is tried again.
   *
   * @throws {OutboundError} when the call is refused or fails. Any status but a redirect is an answer.
   * @throws {TypeError} for a header that could begin another message, or that is the client's own.
   */
  request(request: OutboundRequest): Promise<OutboundResponse>;
  /** Takes no new calls, waits for those on their way and closes every connection. */
  close(): Promise<void>;
}

/**
 * Creates the client for calls that leave the service (SR-29): over https, to allowed hosts at addresses within reach,
 * which are checked on the very addresses that are connected to; no redirect, proxy or cookie, a total deadline and a
 * bounded answer.
 *
 * @throws {TypeError} for hosts, limits or TLS material that no call could use.
 */
export function createOutboundClient(options: OutboundClientOptions): OutboundClient {
  const { deadlineMs = DEFAULT_DEADLINE_MS, maxResponseBytes = DEFAULT_MAX_RESPONSE_BYTES } = options;
  const defaults = parseLimits({ deadlineMs, maxResponseBytes });
  assertTlsMaterial(options);
  const hosts = createAllowedHosts(options.hosts);
  const channels = new Map<string, Channel>();
  let closing: Promise<unknown> | undefined;

  const channelTo = ({ url, allowed }: AllowedTarget): Channel => {
    const known = channels.get(url.origin);
    if (known !== undefined) return known;
    const channel = { pool: createConnectionPool(url.origin, allowed, options), calls: 0 };
    channels.set(url.origin, channel);
    return channel;
  };

  return {
    async request(request) {
      const limits = parseLimits({ ...defaults, ...limitsOf(request) });
      const target = hosts.find(request.url);
      const headers = createRequestHeaders(request.headers ?? {}, correlationFor(target.allowed, options.propagate));
      if (closing !== undefined) throw new OutboundError('closed', { host: target.allowed.host });
      return call(channelTo(target), target, { request, headers, ...limits });
    },
    async close() {
      closing ??= Promise.all(Array.from(channels.values(), ({ pool }) => pool.close()));
      await closing;
    },
  };
}

/** The connections to one host, and the calls that use or await them. */
interface Channel {
  readonly pool: Pool;
  calls: number;
}

interface Limits {
  readonly deadlineMs: number;
  readonly maxResponseBytes: number;
}

interface Call extends Limits {
  readonly request: OutboundRequest;
  readonly headers: string[];
}

async function call(
  channel: Channel,
  { url, allowed: { host } }: AllowedTarget,
  made: Call,
): Promise<OutboundResponse> {
  if (channel.calls >= MAX_CALLS) throw new OutboundError('busy', { host });
  channel.calls += 1;
  const { method, body = null, signal: callerSignal } = made.request;
  const path = `${url.pathname}${url.search}`;
  try {
    return await withDeadline({ deadlineMs: made.deadlineMs, signal: callerSignal }, async (signal) => {
      const answer = await channel.pool.request({ method, path, headers: made.headers, body, signal });
      return readResponse(answer, made.maxResponseBytes);
    });
  } catch (error) {
    throw classifyFault(error, host);
  } finally {
    channel.calls -= 1;
  }
}

function limitsOf({ deadlineMs, maxResponseBytes }: OutboundRequest): Partial<Limits> {
  return {
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(maxResponseBytes === undefined ? {} : { maxResponseBytes }),
  };
}

function parseLimits(limits: Limits): Limits {
  assertWithin(limits.deadlineMs, MAX_DEADLINE_MS, 'deadlineMs');
  assertWithin(limits.maxResponseBytes, MAX_RESPONSE_BYTES, 'maxResponseBytes');
  return limits;
}

function assertWithin(value: number, max: number, name: string): void {
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new RangeError(`${name} is a number from 1 to ${max}`);
}
