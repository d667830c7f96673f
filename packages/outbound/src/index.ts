export type { AllowedHost } from './allowed-hosts.ts';
export { DEFAULT_DEADLINE_MS, DEFAULT_MAX_RESPONSE_BYTES } from './call-limits.ts';
export type { ResolveHost } from './checked-lookup.ts';
export type { Propagate } from './correlation.ts';
export {
  createOutboundClient,
  type OutboundClient,
  type OutboundClientOptions,
  type OutboundRequest,
} from './outbound-client.ts';
export { OutboundError, type OutboundErrorDetails, type OutboundFault } from './outbound-error.ts';
export { parseOutboundUrl, portOf } from './outbound-url.ts';
export { isReachable, type Reach, REACHES } from './reachable-address.ts';
export type { OutboundResponse } from './read-response.ts';
export { rotatingCertificate } from './rotating-certificate.ts';
export type { ClientCertificate, ClientCertificateSource } from './tls-options.ts';
