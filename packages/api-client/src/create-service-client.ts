import createClient from 'openapi-fetch';

import type { ServiceClient } from './service-client.ts';

/** How a service is reached. */
export interface ServiceClientOptions {
  /** `https://service.example`, without a path. */
  readonly origin: string;
  /**
   * Sends a request. There is no default: a service of this house calls others through `@redoubt/outbound` alone (SR-29),
   * and only who makes the client knows what may be reached.
   */
  readonly send: (request: Request) => Promise<Response>;
  /** An access token; absent: the caller is nobody in particular. */
  readonly accessToken?: string;
}

/**
 * Creates a client: `createServiceClient<ApiPaths>({ origin, send })`. An answer is `data` or `error`, beside the
 * `response`; nothing is tried again, and an answer is believed to be what the document says.
 */
export function createServiceClient<Paths extends object>({
  origin,
  send,
  accessToken,
}: ServiceClientOptions): ServiceClient<Paths> {
  const client: unknown = createClient<Paths>({
    baseUrl: origin,
    fetch: send,
    ...(accessToken === undefined ? {} : { headers: { authorization: `Bearer ${accessToken}` } }),
  });
  // The same methods, with types that take less: TypeScript cannot see it before it knows the document.
  return client as ServiceClient<Paths>;
}
