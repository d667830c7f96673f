import type { NodeEnvironment } from '../../define-settings.ts';
import type { Finding } from '../finding.ts';
import { isLoopback } from './listen-address.ts';
import type { SelfCheckRule } from './self-check-rule.ts';

/** Which pages may call the service, and where it is itself. */
interface Origins {
  readonly NODE_ENV: NodeEnvironment;
  readonly PUBLIC_URL: string;
  readonly ALLOWED_ORIGINS: readonly string[];
}

/** Which pages may act for their visitors (SR-24), and whether the cookie goes along (SR-25). */
export const allowedOrigins: SelfCheckRule<Origins> = {
  area: 'browser',
  name: 'the allowed origins',
  judge({ NODE_ENV, PUBLIC_URL, ALLOWED_ORIGINS }) {
    const service = new URL(PUBLIC_URL);
    const others = ALLOWED_ORIGINS.map((origin) => new URL(origin)).filter(({ origin }) => origin !== service.origin);
    const faults: readonly [isSo: boolean, id: Finding['id'], seen: string][] = [
      [others.some(isOpenToOthersOnTheWay), 'RD-111', 'An origin is http, and not of the own machine.'],
      [
        NODE_ENV === 'production' && others.some(isOwnMachine),
        'RD-112',
        'An origin is localhost or a loopback address.',
      ],
      [others.length < ALLOWED_ORIGINS.length, 'RD-113', 'An origin is the one of PUBLIC_URL.'],
      [
        others.some((origin) => !isSameSite(origin, service)),
        'RD-114',
        'An origin is on another site than PUBLIC_URL.',
      ],
    ];
    return faults.flatMap(([isSo, id, seen]) => (isSo ? [{ id, subject: 'ALLOWED_ORIGINS', seen }] : []));
  },
};

/** Whether browsers keep a cookie whose name begins with `__Host-` (SR-25). */
export const hostCookie: SelfCheckRule<Pick<Origins, 'PUBLIC_URL'>> = {
  area: 'browser',
  name: 'the refresh cookie',
  judge: ({ PUBLIC_URL }) =>
    isOpenToOthersOnTheWay(new URL(PUBLIC_URL))
      ? [{ id: 'RD-115', subject: 'PUBLIC_URL', seen: 'It is http, and not of the own machine.' }]
      : [],
};

/** Browsers hold the loopback for as trustworthy as https: nobody is on the way to it. */
function isOpenToOthersOnTheWay(url: URL): boolean {
  return url.protocol === 'http:' && !isOwnMachine(url);
}

function isOwnMachine({ hostname }: URL): boolean {
  return isLoopback(withoutBrackets(hostname));
}

/**
 * Whether a browser takes two origins for one site: the same scheme and the same registrable domain (SameSite,
 * RFC 6265bis, section 5.2). Without the list of public suffixes the last two labels stand for the domain, so that
 * two sites below co.uk or azurewebsites.net pass for one; the list is 130 KB that would be stale between releases,
 * for one warning.
 */
function isSameSite(one: URL, other: URL): boolean {
  return one.protocol === other.protocol && siteOf(one) === siteOf(other);
}

function siteOf({ hostname }: URL): string {
  const isAddress = /^\[|^[\d.]+$/.test(hostname);
  return isAddress ? hostname : hostname.split('.').slice(-2).join('.');
}

function withoutBrackets(hostname: string): string {
  return hostname.replaceAll(/[[\]]/g, '');
}
