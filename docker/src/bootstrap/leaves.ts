import { services } from '../services.ts';
import type { AuthorityName } from './authorities.ts';
import type { SubjectName } from './subject-name.ts';

/** Who has a certificate: a name among those of {@link leafProfiles}. */
export type LeafName = string;

/** What the certificate of a party says. */
export interface LeafProfile {
  readonly authority: AuthorityName;
  /** What it may be used for: one of the two, never both. */
  readonly usage: 'server' | 'client';
  readonly names: readonly SubjectName[];
}

/** Longest life of a certificate, in days (SR-28): what leaks stops working by itself. */
export const LEAF_DAYS = 90;

/** A certificate with fewer days left is made anew: a stack that starts once a month never meets an expired one. */
export const LEAF_RENEWAL_DAYS = 30;

/** By the name below it, services know the edge (`ALLOWED_EDGES`, decision 012) and each other (`ALLOWED_SERVICES`). */
const TRUST_DOMAIN = 'spiffe://redoubt.internal';

/** The profile of every party. Servers inside have the name under which the others reach them. */
export function leafProfiles(edgeNames: readonly SubjectName[]): ReadonlyMap<LeafName, LeafProfile> {
  return new Map<LeafName, LeafProfile>([
    ['edge', { authority: 'edge', usage: 'server', names: edgeNames }],
    clientLeaf('edge'),
    ...services.map(({ name }) => serverLeaf(name)),
    ...services.filter(({ callsServices }) => callsServices).map(({ name }) => clientLeaf(name)),
    ...services.map(({ prefix }) => serverLeaf(`${prefix}postgres`)),
    serverLeaf('valkey'),
    serverLeaf('mail'),
  ]);
}

function serverLeaf(host: string): [LeafName, LeafProfile] {
  return [host, { authority: 'server', usage: 'server', names: [{ type: 'dns', value: host }] }];
}

function clientLeaf(name: string): [LeafName, LeafProfile] {
  const names = [{ type: 'url', value: `${TRUST_DOMAIN}/${name}` }] as const;
  return [`${name} client`, { authority: 'client', usage: 'client', names }];
}
