/** RFC 9110, section 7.2: a name, an IPv4 address, or an IPv6 address in brackets; then perhaps a port. */
const HOST = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(?::\d{1,5})?$/i;

/** The host that a `Host` header names, in lower case and without its port; `undefined` when it names none. */
export function hostNameOf(header: string): string | undefined {
  return HOST.exec(header)?.[1]?.toLowerCase();
}
