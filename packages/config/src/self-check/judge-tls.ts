import type { Finding } from './finding.ts';
import { found } from './found.ts';
import type { tlsFindings } from './findings/tls-findings.ts';
import type { CertificateFacts } from './tls/certificate-facts.ts';
import type { TlsFacts } from './tls/tls-facts.ts';

type Id = keyof typeof tlsFindings;

const DAY_MS = 86_400_000;

/** Time left below which a renewal has failed: 14 days, where a renewal at two thirds of 90 days leaves 30. */
const RENEWAL_MARGIN_MS = 14 * DAY_MS;

/** Longest life of a certificate between our own services: 90 days (SR-28). */
const MAX_INTERNAL_LIFETIME_MS = 90 * DAY_MS;

const MIN_MODULUS_BITS = 2_048;

/** The curves of SR-27 and their larger sisters; others are unknown to peers, or broken. */
const CURVES: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** Kinds of key whose size is part of their name. */
const SIZED_KEYS = /^(?:ed25519|ed448|ml-dsa-\d+|slh-dsa-.+)$/;

const BROKEN_HASH = /md[245]|sha-?1(?!\d)/i;

/** Extended key usages that let a certificate stand for a server (RFC 5280, section 4.2.1.12): its own, and any. */
const SERVER_USAGES: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.3.1', '2.5.29.37.0']);

/** Judges certificate, key and client authority of the listener (SR-27, SR-28, SR-53). */
export function judgeTls(facts: TlsFacts): readonly Finding[] {
  const { names, chain, isMutual, clientAuthorities, nowMs } = facts;
  return [
    ...unreadableParts(facts),
    ...found<Id>(
      facts.key === 'belongs to another certificate',
      'RD-052',
      names.key,
      'It does not fit the certificate.',
    ),
    ...(chain ?? []).flatMap((certificate) => judgeCertificate(certificate, names.certificate, nowMs)),
    ...(chain ?? []).slice(0, 1).flatMap((certificate) => judgeListener(certificate, facts)),
    ...(clientAuthorities ?? []).flatMap((certificate) => judgeCertificate(certificate, names.clientAuthority, nowMs)),
    ...found<Id>(
      isMutual && clientAuthorities?.every(({ isAuthority }) => isAuthority) === false,
      'RD-056',
      names.clientAuthority,
      'A certificate in it may not sign others.',
    ),
  ];
}

function unreadableParts({ names, chain, key, isMutual, clientAuthorities }: TlsFacts): readonly Finding[] {
  const seen = 'It holds no PEM that can be read.';
  return [
    ...found<Id>(chain === undefined, 'RD-058', names.certificate, seen),
    ...found<Id>(key === 'unreadable', 'RD-058', names.key, seen),
    ...found<Id>(isMutual && clientAuthorities === undefined, 'RD-058', names.clientAuthority, seen),
  ];
}

/** What holds for every certificate: the listener's, its intermediates', the client authority's. */
function judgeCertificate(certificate: CertificateFacts, subject: string, nowMs: number): readonly Finding[] {
  const { validFromMs, validToMs, signature, isSelfSigned } = certificate;
  const timeLeftMs = validToMs - nowMs;
  return [
    ...found<Id>(timeLeftMs <= 0, 'RD-050', subject, 'A certificate has expired.'),
    ...found<Id>(validFromMs > nowMs, 'RD-050', subject, 'A certificate is not valid yet.'),
    ...found<Id>(timeLeftMs > 0 && timeLeftMs < RENEWAL_MARGIN_MS, 'RD-051', subject, 'It ends within 14 days.'),
    ...found<Id>(!isStrongKey(certificate), 'RD-053', subject, 'The key is too short, or of a kind that is not taken.'),
    // Nobody verifies the signature of an anchor: it is trusted because it is there.
    ...found<Id>(
      !isSelfSigned && BROKEN_HASH.test(signature ?? ''),
      'RD-053',
      subject,
      'The signature is over MD5 or SHA-1.',
    ),
  ];
}

/** What holds for the listener's own certificate only. */
function judgeListener(certificate: CertificateFacts, { names, isMutual }: TlsFacts): readonly Finding[] {
  const { isSelfSigned, isAuthority, usages, hasAlternativeNames, validFromMs, validToMs } = certificate;
  const subject = names.certificate;
  const isForServers = usages === undefined || usages.some((usage) => SERVER_USAGES.has(usage));
  const isLongLived = isMutual && validToMs - validFromMs > MAX_INTERNAL_LIFETIME_MS;
  return [
    ...found<Id>(isSelfSigned, 'RD-054', subject, 'It is signed with its own key.'),
    ...found<Id>(isLongLived, 'RD-055', subject, 'Peers need certificates here, and its own lives over 90 days.'),
    ...found<Id>(isAuthority, 'RD-057', subject, 'It is an authority.'),
    ...found<Id>(!isForServers, 'RD-057', subject, 'Its extended key usage leaves servers out.'),
    ...found<Id>(!hasAlternativeNames, 'RD-059', subject, 'It has no alternative names.'),
  ];
}

function isStrongKey({ keyType = '', modulusBits = 0, curve = '' }: CertificateFacts): boolean {
  if (keyType === 'rsa' || keyType === 'rsa-pss') return modulusBits >= MIN_MODULUS_BITS;
  return keyType === 'ec' ? CURVES.has(curve) : SIZED_KEYS.test(keyType);
}
