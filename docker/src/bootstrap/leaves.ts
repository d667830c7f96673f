import type { AuthorityName } from './authorities.ts';
import type { SubjectName } from './subject-name.ts';

/** Who has a certificate. */
export const leafNames = ['edge', 'edge client', 'api', 'postgres', 'valkey', 'mail'] as const;

/** One of them. */
export type LeafName = (typeof leafNames)[number];

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

/** By this name the service knows the edge: `ALLOWED_EDGES` (decision 012). */
const EDGE_ID = 'spiffe://redoubt.internal/edge';

/** The profile of every party. Servers inside have the name under which the others reach them. */
export function leafProfiles(edgeNames: readonly SubjectName[]): ReadonlyMap<LeafName, LeafProfile> {
  return new Map([
    ['edge', { authority: 'edge', usage: 'server', names: edgeNames }],
    ['edge client', { authority: 'client', usage: 'client', names: [{ type: 'url', value: EDGE_ID }] }],
    ['api', insideServer('api')],
    ['postgres', insideServer('postgres')],
    ['valkey', insideServer('valkey')],
    ['mail', insideServer('mail')],
  ]);
}

function insideServer(host: string): LeafProfile {
  return { authority: 'server', usage: 'server', names: [{ type: 'dns', value: host }] };
}
