import type { KeyObject, X509Certificate } from 'node:crypto';

import { AUTHORITY_DAYS, type AuthorityName, AUTHORITY_RENEWAL_DAYS } from './authorities.ts';
import { BootstrapError } from './bootstrap-error.ts';
import { authorityExtensions } from './certificate-extensions.ts';
import type { Change, Reason } from './change.ts';
import { readPrivateKey } from './private-key.ts';
import { hasExtensions, readCertificate } from './read-certificate.ts';
import { judgeValidity } from './validity.ts';

/** The files of a key and its certificate; an absent one is `undefined`. */
export interface FoundPair {
  readonly key: string | undefined;
  readonly certificate: string | undefined;
}

/** What stays of an authority. A new certificate for the key that is there leaves valid what the key signed. */
export interface AuthorityVerdict {
  readonly keeps: 'both' | 'key' | 'nothing';
  readonly change: Change;
}

const LIFE_SPAN = { days: AUTHORITY_DAYS, renewalDays: AUTHORITY_RENEWAL_DAYS };

/**
 * Judges an authority. Everything rests on its key, and people may have told their browsers to trust it: a key that is
 * damaged, gone, or another one than its certificate's is never replaced unasked.
 *
 * @throws {BootstrapError} for such a key, with what to do.
 */
export async function judgeAuthority(name: AuthorityName, found: FoundPair, nowMs: number): Promise<AuthorityVerdict> {
  if (found.key === undefined && found.certificate === undefined) return { keeps: 'nothing', change: 'made' };
  const key = found.key === undefined ? undefined : readPrivateKey(found.key);
  if (key === undefined) throw lostKey(name);
  // The key is written first: a run that was killed leaves one without a certificate.
  const certificate = found.certificate === undefined ? undefined : readCertificate(found.certificate);
  if (certificate === undefined) return { keeps: 'key', change: { renewedBecause: 'it was not whole' } };
  return judgeWholePair(name, key, certificate, nowMs);
}

async function judgeWholePair(
  name: AuthorityName,
  key: KeyObject,
  certificate: X509Certificate,
  nowMs: number,
): Promise<AuthorityVerdict> {
  const due = judgeValidity(certificate, LIFE_SPAN, nowMs);
  if (certificate.checkPrivateKey(key))
    return due === undefined ? judgeContent(key, certificate) : renew('nothing', due);
  // A run that renewed it was killed between the two files: the key is the new one already.
  if (due !== undefined) return renew('key', due);
  throw lostKey(name);
}

async function judgeContent(key: KeyObject, certificate: X509Certificate): Promise<AuthorityVerdict> {
  if (hasExtensions(certificate, await authorityExtensions(key))) return { keeps: 'both', change: 'kept' };
  return renew('key', 'its names or usages were others');
}

function renew(keeps: AuthorityVerdict['keeps'], renewedBecause: Reason): AuthorityVerdict {
  return { keeps, change: { renewedBecause } };
}

function lostKey(name: AuthorityName): BootstrapError {
  return new BootstrapError(
    `the key of the ${name} authority is absent, damaged or another one than its certificate's. ` +
      `Restore ${name}-authority.key in the volume of the authorities; or remove ${name}-authority.key and ` +
      `${name}-authority.pem there, and everything that the authority signed is made anew`,
  );
}
