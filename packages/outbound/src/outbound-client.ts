import { type AllowedHost, createAllowedHosts } from './allowed-hosts.ts';
import { parseCallLimits } from './call-limits.ts';
import type { ResolveHost } from './checked-lookup.ts';
import { correlationFor, type Propagate } from './correlation.ts';
import { createHostChannel, type HostChannel } from './host-channel.ts';
import { OutboundError } from './outbound-error.ts';
import type { OutboundResponse } from './read-response.ts';
import { createRequestHeaders } from './request-headers.ts';
import { assertTlsMaterial, type ClientCertificateSource } from './tls-options.ts';

/** What a client may call, and how. */
export interface OutboundClientOptions {
  /** The exact hosts that may be called; all others are refused. */
  readonly hosts: readonly AllowedHost[];
  /** Default: `DEFAULT_DEADLINE_MS`. */
  readonly deadlineMs?: number;
  /** Default: `DEFAULT_MAX_RESPONSE_BYTES`. */
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
 * @throws {TypeError | RangeError} for hosts, limits or TLS material that no call could use.
 */
export function createOutboundClient(options: OutboundClientOptions): OutboundClient {
  const defaults = parseCallLimits(options);
  assertTlsMaterial(options);
  const hosts = createAllowedHosts(options.hosts);
  const channels = new Map<string, HostChannel>();
  let closing: Promise<unknown> | undefined;

  return {
    async request({ method, url: given, headers = {}, body = null, signal, ...limits }) {
      const target = hosts.find(given);
      const { url, allowed } = target;
      const call = {
        ...parseCallLimits(limits, defaults),
        method,
        url,
        headers: createRequestHeaders(headers, correlationFor(allowed, options.propagate)),
        body,
        signal,
      };
      if (closing !== undefined) throw new OutboundError('closed', { host: allowed.host });
      const channel = channels.get(url.origin) ?? createHostChannel(target, options);
      channels.set(url.origin, channel);
      return channel.send(call);
    },
    async close() {
      closing ??= Promise.all(Array.from(channels.values(), (channel) => channel.close()));
      await closing;
    },
  };
}
