import type { Service } from './define-service.ts';
import type { ServiceOptions } from './service-dependencies.ts';
import { publicHostsOf } from './settings/allowed-hosts.ts';
import type { ServiceSettings } from './settings/service-settings.ts';

/** What the settings decide about a service. */
export function serviceOptions(service: Service, settings: ServiceSettings): ServiceOptions {
  return {
    publicUrl: settings.PUBLIC_URL,
    allowedOrigins: settings.ALLOWED_ORIGINS,
    allowedHosts: publicHostsOf(settings),
    trustedProxies: settings.TRUSTED_PROXIES,
    rateLimits: {
      anonymousMax: settings.RATE_LIMIT_ANONYMOUS_MAX,
      signedInMax: settings.RATE_LIMIT_SIGNED_IN_MAX,
    },
    securityContact: settings.SECURITY_CONTACT,
    ...peersOf(settings),
    ...service.options?.(settings),
  };
}

/** The settings' own rules demand a list of peers wherever TLS is configured. */
function peersOf({
  ALLOWED_SERVICES: services,
  ALLOWED_EDGES: edges,
}: Pick<ServiceSettings, 'ALLOWED_SERVICES' | 'ALLOWED_EDGES'>): Pick<ServiceOptions, 'peers'> {
  return services.length + edges.length === 0 ? {} : { peers: { services, edges } };
}
