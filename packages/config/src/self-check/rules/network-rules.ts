import type { NodeEnvironment } from '../../define-settings.ts';
import { type AddressRange, isTooBroad, parseAddressRange } from '../../formats/cidr.ts';
import type { Finding } from '../finding.ts';
import { isEveryAddress, isLoopback, isPublicAddress } from './listen-address.ts';
import { inProductionOnly, type SelfCheckRule } from './self-check-rule.ts';

/** A container runtime gives a network 65,536 addresses; what is wider holds more than the proxies of one team. */
const MIN_PROXY_PREFIX_BITS = { ipv4: 16, ipv6: 48 } as const;

/** The public listener, and who is in front of it. */
interface PublicListener {
  readonly HOST: string;
  readonly PUBLIC_URL: string;
  readonly TRUSTED_PROXIES: readonly string[];
  readonly TLS_CERTIFICATE_FILE?: string | undefined;
}

/** Both listeners. */
interface Listeners {
  readonly HOST: string;
  readonly PORT: number;
  readonly MANAGEMENT_HOST: string;
  readonly MANAGEMENT_PORT: number;
}

/** Who ends TLS for an https address: the service, or a proxy that it knows (SR-27, SR-28). */
export const tlsEnd: SelfCheckRule<PublicListener> = {
  area: 'network',
  name: 'who ends TLS',
  judge({ HOST, PUBLIC_URL, TRUSTED_PROXIES, TLS_CERTIFICATE_FILE }) {
    if (TLS_CERTIFICATE_FILE !== undefined || !PUBLIC_URL.startsWith('https:')) return [];
    const isTrusting = TRUSTED_PROXIES.length > 0;
    if (isLoopback(HOST))
      return isTrusting
        ? []
        : [found('RD-101', 'TRUSTED_PROXIES', 'PUBLIC_URL is https, HOST is the loopback, and the list is empty.')];
    return isTrusting
      ? [
          found(
            'RD-102',
            'TLS_CERTIFICATE_FILE',
            'It is not set, and HOST is an address that the proxies reach over a network.',
          ),
        ]
      : [
          found(
            'RD-100',
            'TLS_CERTIFICATE_FILE',
            'It is not set, TRUSTED_PROXIES is empty, PUBLIC_URL is https, and others reach HOST.',
          ),
        ];
  },
};

/** Where metrics and probes are (SR-60). */
export const managementListener: SelfCheckRule<Listeners> = {
  area: 'network',
  name: 'the management listener',
  judge({ HOST, PORT, MANAGEMENT_HOST, MANAGEMENT_PORT }) {
    const hosts = [HOST, MANAGEMENT_HOST];
    const isOverlap = HOST === MANAGEMENT_HOST || hosts.some(isEveryAddress);
    return [
      ...(PORT !== 0 && PORT === MANAGEMENT_PORT && isOverlap
        ? [found('RD-105', 'MANAGEMENT_PORT', 'It is the port of the public listener, on the same address.')]
        : []),
      ...(isEveryAddress(MANAGEMENT_HOST)
        ? [found('RD-103', 'MANAGEMENT_HOST', 'It is every address of the machine.')]
        : []),
      ...(isPublicAddress(MANAGEMENT_HOST)
        ? [found('RD-104', 'MANAGEMENT_HOST', 'It is an address of the internet.')]
        : []),
    ];
  },
};

/** Who reaches a service that shows its reference and keeps its keys in a folder (SR-53, SR-60). */
export const reachableDevelopment: SelfCheckRule<{ readonly NODE_ENV: NodeEnvironment; readonly HOST: string }> = {
  area: 'network',
  name: 'who reaches development',
  judge: ({ NODE_ENV, HOST }) =>
    NODE_ENV === 'development' && !isLoopback(HOST)
      ? [found('RD-106', 'HOST', 'NODE_ENV is development, and HOST is not the loopback.')]
      : [],
};

/** Whose forwarding headers are believed (SR-23). */
export const proxyRanges: SelfCheckRule<{
  readonly NODE_ENV: NodeEnvironment;
  readonly TRUSTED_PROXIES: readonly string[];
}> = {
  area: 'network',
  name: 'the trusted proxies',
  judge({ NODE_ENV, TRUSTED_PROXIES }) {
    const ranges = TRUSTED_PROXIES.map(parseAddressRange).filter((range) => range !== undefined);
    if (NODE_ENV === 'production' && ranges.some(isTooBroad))
      return [found('RD-009', 'TRUSTED_PROXIES', 'A range is wider than any network of one team.')];
    return ranges.some(isWholeNetwork)
      ? [found('RD-107', 'TRUSTED_PROXIES', 'A range has more addresses than IPv4 /16 or IPv6 /48.')]
      : [];
  },
};

/** Whether a name is still one that the template gave, in production: `templateName('TOKEN_AUDIENCE', ['redoubt-api'])`. */
export function templateName<Name extends string>(
  name: Name,
  names: readonly string[],
): SelfCheckRule<{ readonly [N in Name]: string } & { readonly NODE_ENV: NodeEnvironment }> {
  return inProductionOnly<{ readonly [N in Name]: string }>({
    area: 'network',
    name: `the name in ${name}`,
    judge: (settings) =>
      names.includes(settings[name]) ? [found('RD-108', name, 'It is the name that the template came with.')] : [],
  });
}

function isWholeNetwork({ family, prefixBits }: AddressRange): boolean {
  return prefixBits < MIN_PROXY_PREFIX_BITS[family];
}

function found(id: Finding['id'], subject: string, seen: string): Finding {
  return { id, subject, seen };
}
