import { createPublicKey, type X509Certificate } from 'node:crypto';

import { leafExtensions } from './certificate-extensions.ts';
import type { Change, Reason } from './change.ts';
import type { FoundPair } from './judge-authority.ts';
import { LEAF_DAYS, LEAF_RENEWAL_DAYS, type LeafProfile } from './leaves.ts';
import { readPrivateKey } from './private-key.ts';
import { hasExtensions, readCertificate } from './read-certificate.ts';
import type { Authority } from './settle-authority.ts';
import { judgeValidity } from './validity.ts';

const LIFE_SPAN = { days: LEAF_DAYS, renewalDays: LEAF_RENEWAL_DAYS };

/** Which certificates are made anew: those that something speaks against, or every one. */
export type Renewal = 'when due' | 'now';

/** What a leaf has to be. */
interface LeafDemand {
  readonly profile: LeafProfile;
  readonly authority: Authority;
  readonly renewal: Renewal;
}

/** Answers whether a leaf and its key may stay: whole, in time, of the profile, and signed by the authority as it is now. */
export async function judgeLeaf(
  { key, certificate }: FoundPair,
  { profile, authority, renewal }: LeafDemand,
  nowMs: number,
): Promise<Change> {
  if (key === undefined && certificate === undefined) return 'made';
  if (renewal === 'now') return { renewedBecause: 'it was asked for' };
  const reason = await findFault({ key, certificate }, profile, authority, nowMs);
  return reason === undefined ? 'kept' : { renewedBecause: reason };
}

async function findFault(
  found: FoundPair,
  profile: LeafProfile,
  authority: Authority,
  nowMs: number,
): Promise<Reason | undefined> {
  const certificate = found.certificate === undefined ? undefined : readCertificate(found.certificate);
  if (certificate === undefined) return 'it was not whole';
  const key = found.key === undefined ? undefined : readPrivateKey(found.key);
  if (key === undefined || !certificate.checkPrivateKey(key)) return 'its key was absent or another';
  if (!isSignedBy(certificate, authority)) return 'its authority was another';
  const extensions = await leafExtensions(profile, key, authority.key);
  if (!hasExtensions(certificate, extensions)) return 'its names or usages were others';
  return judgeValidity(certificate, LIFE_SPAN, nowMs);
}

function isSignedBy(certificate: X509Certificate, authority: Authority): boolean {
  return certificate.checkIssued(authority.certificate) && certificate.verify(createPublicKey(authority.key));
}
