import { refusedSetting, type SettingFault } from '@redoubt/config';
import { isSpiffeId } from '@redoubt/auth';

/** The settings of a listener with client certificates. */
interface TlsSettings {
  readonly TLS_CERTIFICATE_FILE: string | undefined;
  readonly TLS_KEY: unknown;
  readonly TLS_CLIENT_CA_FILE: string | undefined;
  readonly ALLOWED_SERVICES: readonly string[];
  readonly ALLOWED_EDGES: readonly string[];
}

const PARTS = ['TLS_CERTIFICATE_FILE', 'TLS_KEY', 'TLS_CLIENT_CA_FILE'] as const;
const LISTS = ['ALLOWED_SERVICES', 'ALLOWED_EDGES'] as const;

/** Certificate, key, client authority and a list of peers come together or not at all (SR-28). */
export function wholeTls(settings: TlsSettings): SettingFault | undefined {
  const missing = PARTS.find((name) => settings[name] === undefined);
  const isListed = LISTS.some((name) => settings[name].length > 0);
  const isWanted = isListed || PARTS.some((name) => settings[name] !== undefined);
  if (isWanted && missing !== undefined)
    return refusedSetting(
      'RD-013',
      missing,
      'a value beside the other settings of TLS',
      `Set ${missing}, or none of them.`,
    );
  if (isWanted && !isListed)
    return refusedSetting('RD-013', 'ALLOWED_EDGES', 'whom the listener admits', 'List the edge, services, or both.');
  return undefined;
}

/** Whoever came through an edge that is listed as a service would be that service (SR-28). */
export function edgesApart({ ALLOWED_SERVICES, ALLOWED_EDGES }: TlsSettings): SettingFault | undefined {
  return ALLOWED_EDGES.some((id) => ALLOWED_SERVICES.includes(id))
    ? refusedSetting(
        'RD-014',
        'ALLOWED_EDGES',
        'names that ALLOWED_SERVICES does not have',
        'Give the edge a name of its own.',
      )
    : undefined;
}

/** Each peer by its exact name: there are no patterns. */
export function serviceNames(name: (typeof LISTS)[number]) {
  return (settings: TlsSettings): SettingFault | undefined =>
    settings[name].every(isSpiffeId)
      ? undefined
      : refusedSetting(
          'RD-015',
          name,
          'names such as spiffe://example.internal/ns/billing',
          'List each peer by its SPIFFE id.',
        );
}
