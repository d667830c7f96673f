import type { AllowedHosts } from '@redoubt/server';

import type { ServiceSettings } from './service-settings.ts';

/** A machine's names for itself, which no foreign DNS has a say in. */
const OWN_NAME = 'localhost';

/** Names of the public listener (SR-23): the public address always; a developer's machine also answers as itself. */
export function publicHostsOf({
  PUBLIC_URL,
  ALLOWED_HOSTS,
  NODE_ENV,
}: Pick<ServiceSettings, 'PUBLIC_URL' | 'ALLOWED_HOSTS' | 'NODE_ENV'>): readonly string[] {
  const own = NODE_ENV === 'development' ? [OWN_NAME, '127.0.0.1', '[::1]'] : [];
  return [new URL(PUBLIC_URL).hostname, ...ALLOWED_HOSTS.map(asInHeader), ...own];
}

/**
 * Names of the management listener (SR-23): probes and scrapers that come by an address are answered, whichever it is;
 * a name has to be its own, or one that was given to it. A page that a developer looks at could otherwise have its name
 * resolved to the loopback, and read the metrics (DNS rebinding).
 */
export function managementHostsOf({
  MANAGEMENT_HOST,
  MANAGEMENT_ALLOWED_HOSTS,
}: Pick<ServiceSettings, 'MANAGEMENT_HOST' | 'MANAGEMENT_ALLOWED_HOSTS'>): AllowedHosts {
  return { names: [OWN_NAME, ...[MANAGEMENT_HOST, ...MANAGEMENT_ALLOWED_HOSTS].map(asInHeader)], addresses: 'any' };
}

/** As a `Host` header names it: an IPv6 address in brackets (RFC 3986, section 3.2.2), letters in lower case. */
function asInHeader(host: string): string {
  return (host.includes(':') ? `[${host}]` : host).toLowerCase();
}
