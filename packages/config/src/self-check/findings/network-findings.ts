import type { FindingId, FindingKind } from '../finding.ts';

const exposed = { area: 'network', severity: 'error', silencing: 'allowed' } as const;

/** What can be wrong with where the service listens and whom it believes: RD-100 to RD-109; judged from settings. */
export const networkFindings = {
  'RD-100': {
    ...exposed,
    title: 'Nobody ends TLS in front of a listener that others reach',
    risk: 'Clients are told https, and the listener speaks plain HTTP to whoever connects. Passwords and tokens can be read on the way.',
    remedy:
      'Let the service end TLS (TLS_CERTIFICATE_FILE, TLS_KEY, TLS_CLIENT_CA_FILE), or put a proxy in front that does, and name it in TRUSTED_PROXIES.',
    source: 'SR-27, SR-28',
  },
  'RD-101': {
    ...exposed,
    severity: 'warning',
    title: 'The proxy on this machine is not trusted',
    risk: 'Clients are told https and the listener is on the loopback, so a proxy ends TLS; but its forwarding headers are not believed. Every client has the address of the proxy: one who fails to sign in too often stops all of them.',
    remedy: 'Name the proxy: TRUSTED_PROXIES=127.0.0.1, or ::1.',
    source: 'SR-22, SR-23',
  },
  'RD-102': {
    ...exposed,
    severity: 'warning',
    title: 'Proxies reach the service in plain HTTP',
    risk: 'Who is on the network between proxy and service reads every password and token, and can speak to the service as if it were the proxy.',
    remedy:
      'Let the service end TLS as well and admit the proxy by its certificate: TLS_CERTIFICATE_FILE, TLS_KEY, TLS_CLIENT_CA_FILE, ALLOWED_EDGES. Where a mesh encrypts the hop, silence this with its name as the reason.',
    source: 'SR-28',
  },
  'RD-103': {
    ...exposed,
    severity: 'warning',
    title: 'The management listener is on every address',
    risk: 'Metrics tell strangers what the service does and how loaded it is. On every address, only a firewall keeps them out.',
    remedy:
      'Set MANAGEMENT_HOST to the loopback or to an address of the inner network. Where the address is not known before the start, as in a pod, close the port by a network policy and silence this with its name as the reason.',
    source: 'SR-60',
  },
  'RD-104': {
    ...exposed,
    title: 'The management listener is on a public address',
    risk: 'Anybody on the internet reads the metrics, and sees when the service is about to stop.',
    remedy: 'Set MANAGEMENT_HOST to the loopback or to an address of the inner network.',
    source: 'SR-60',
  },
  'RD-105': {
    ...exposed,
    severityInDevelopment: 'error',
    silencing: 'refused',
    title: 'The management listener and the public one are the same',
    risk: 'One of them cannot start; and whatever is done to make it start brings probes and metrics to the public.',
    remedy: 'Give MANAGEMENT_PORT another port than PORT.',
    source: 'SR-60',
  },
  'RD-106': {
    ...exposed,
    severityInDevelopment: 'error',
    title: 'Others reach a service that runs under the rules of development',
    risk: 'Development shows the reference of every route, keeps its keys and mails in a folder, takes secrets from the environment and allows plain http. Who reaches it has a service without its protections.',
    remedy:
      'Set HOST=127.0.0.1, or run it under the rules of production. In a container for development, publish the port on 127.0.0.1 only and silence this with that as the reason.',
    source: 'SR-53, SR-60',
  },
  'RD-107': {
    ...exposed,
    severity: 'warning',
    title: 'A whole network is trusted as proxies',
    risk: "Every machine and every pod in the range chooses the client's address that the service believes: one that is taken over passes rate limits and writes a false audit trail.",
    remedy:
      'List the addresses of the proxies, or the smallest range that they are given addresses from: IPv4 /16 or narrower, IPv6 /48 or narrower.',
    source: 'SR-23',
  },
  'RD-108': {
    ...exposed,
    severity: 'warning',
    title: 'A name is still the one of the template',
    risk: "Two services that were made from one template accept each other's tokens when they share an issuer: the audience is what tells them apart.",
    remedy: 'Choose a name that only this service has.',
    source: 'SR-6, SR-53',
  },
  'RD-109': {
    ...exposed,
    severity: 'warning',
    title: 'A setting has a domain of documentation',
    risk: 'Nobody owns example.com or anything below .example: reports of security holes reach nobody, and tokens name an issuer that does not exist. A value was copied from an example, and others may have been as well.',
    remedy: 'Set the domain of the service.',
    source: 'SR-53, RFC 2606, RFC 6761',
  },
} as const satisfies Record<FindingId, FindingKind>;
