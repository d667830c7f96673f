import { parseOutboundUrl } from '@redoubt/outbound';

import type { Roles } from '../access/roles.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';
import { MAX_EXTERNAL_TOKEN_TTL_SECONDS } from './trusted-issuer.ts';

/** Shortest life that a limit on an issuer's tokens may name: a minute. */
const MIN_EXTERNAL_TOKEN_TTL_SECONDS = 60;

/** One reason why an issuer cannot be trusted as it is described. Its sentence never contains a value. */
export interface TrustedIssuerFault {
  /** RFC 6901 pointer into the list of issuers: `/0/jwksUrl`. */
  readonly pointer: string;
  /** What was expected. */
  readonly expected: string;
}

/**
 * Every fault of a list of issuers, whose form is known to be right. `taken` are this service and the peer whose tokens it
 * takes: nobody else may speak in their names.
 */
export function findTrustedIssuerFaults(
  issuers: readonly TrustedIssuer[],
  { taken: names, roles }: { readonly taken: readonly string[]; readonly roles: Roles },
): readonly TrustedIssuerFault[] {
  const taken = new Set(names);
  return issuers.flatMap((trusted, index) => {
    const isTaken = taken.has(trusted.issuer);
    taken.add(trusted.issuer);
    const uniqueness = isTaken
      ? [['issuer', 'an issuer that is named once, and is not this service or its peer'] as const]
      : [];
    return [...uniqueness, ...faultsOf(trusted, roles)].map(([name, expected]) => ({
      pointer: `/${index}/${name}`,
      expected,
    }));
  });
}

type Fault = readonly [name: string, expected: string];

function faultsOf(trusted: TrustedIssuer, roles: Roles): readonly Fault[] {
  const { issuer, jwksUrl, reach = 'public', tokenType = 'at+jwt', marker } = trusted;
  const faults: Fault[] = [];
  const expect = (condition: boolean, ...fault: Fault): void => {
    if (!condition) faults.push(fault);
  };
  const address = parseOutboundUrl(issuer, reach);
  const where = 'https, within reach, without a name, a password or a fragment';
  expect(
    address !== undefined && address.search === '' && !/[\s\0]/.test(issuer),
    'issuer',
    `a URL: ${where}, or a query`,
  );
  expect(jwksUrl === undefined || parseOutboundUrl(jwksUrl, reach) !== undefined, 'jwksUrl', `a URL: ${where}`);
  expect(trusted.audience.trim() !== '', 'audience', 'whom the tokens are for');
  expect(trusted.algorithms.length > 0, 'algorithms', 'at least one algorithm');
  expect(
    tokenType === 'at+jwt' || marker !== undefined,
    'marker',
    'a claim that access tokens have and ID tokens do not, because the type of the token does not tell them apart',
  );
  expect(trusted.roles.claim.length > 0, 'roles/claim', 'the path of a claim');
  for (const role of [...trusted.roles.map.map((line) => line.role), trusted.roles.defaultRole]) {
    expect(role === undefined || roles.has(role), 'roles', `roles of this service: ${roles.names.join(', ')}`);
  }
  expect(isLifetime(trusted.maxLifetimeSeconds), 'maxLifetimeSeconds', 'seconds, from a minute to a day');
  return faults;
}

function isLifetime(seconds: number | undefined): boolean {
  if (seconds === undefined) return true;
  return (
    Number.isInteger(seconds) && seconds >= MIN_EXTERNAL_TOKEN_TTL_SECONDS && seconds <= MAX_EXTERNAL_TOKEN_TTL_SECONDS
  );
}
