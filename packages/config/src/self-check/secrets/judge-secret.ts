import { Buffer } from 'node:buffer';
import { secretErrorCodes } from '@redoubt/secrets';
import type { Finding, FindingId } from '../finding.ts';
import { findingOfSecret } from './finding-of-error.ts';
import type { HeldSecret, SecretKind, SecretOutcome } from './secret-outcome.ts';

/** 256 bits, if each is random (SR-51). */
const MIN_KEY_BYTES = 32;
/** What providers of mail take at least; 16 random characters of base64 are 96 bits. */
const MIN_FOREIGN_PASSWORD_BYTES = 16;
/** Below 5 a person leant on the keyboard (SR-51; Django's W009 counts the same). */
const MIN_DISTINCT_CHARACTERS = 5;

const DAY_MS = 86_400_000;

/** How long each kind of secret holds at least, and what it is called when it is shorter. */
const minimums: Readonly<
  Record<Exclude<SecretKind, 'private key' | 'user name'>, readonly [bytes: number, finding: FindingId]>
> = {
  'symmetric key': [MIN_KEY_BYTES, 'RD-040'],
  password: [MIN_KEY_BYTES, 'RD-042'],
  'foreign password': [MIN_FOREIGN_PASSWORD_BYTES, 'RD-043'],
};

/**
 * Judges one secret by itself: why it cannot be had, or how it can be guessed (SR-51). Of the value nothing is told but
 * which limit it does not reach.
 */
export function judgeSecret(setting: string, kind: SecretKind, outcome: SecretOutcome): readonly Finding[] {
  if ('error' in outcome) return [unavailable(setting, outcome)];
  if (kind === 'private key') return judgeForm(setting, outcome);
  if (outcome.tenure === 'leased' || kind === 'user name') return [];
  const value = outcome.material.expose();
  const [minBytes, shortId] = minimums[kind];
  const findings: Finding[] = [];
  if (Buffer.byteLength(value) < minBytes)
    findings.push({ id: shortId, subject: setting, seen: `It is shorter than ${minBytes} bytes.` });
  if (new Set(value).size < MIN_DISTINCT_CHARACTERS)
    findings.push({ id: 'RD-041', subject: setting, seen: 'It has fewer than 5 distinct characters.' });
  return findings;
}

/** A secret that is older than its limit (SR-52); the source made a leased one anew. */
export function judgeAge(setting: string, maxAgeDays: number, secret: HeldSecret, nowMs: number): readonly Finding[] {
  const { createdAtMs, tenure } = secret;
  if (tenure === 'leased' || createdAtMs === undefined) return [];
  if (nowMs - createdAtMs <= maxAgeDays * DAY_MS) return [];
  return [{ id: 'RD-047', subject: setting, seen: `It has been in use for more than ${maxAgeDays} days.` }];
}

/** Secrets that are the same: each after the first, with the name of the first. */
export function judgeSharing(held: ReadonlyMap<string, HeldSecret>): readonly Finding[] {
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  for (const [setting, { material }] of held) {
    const owner = owners.get(material.expose());
    if (owner === undefined) owners.set(material.expose(), setting);
    else findings.push({ id: 'RD-046', subject: setting, seen: `It is the same secret as that of ${owner}.` });
  }
  return findings;
}

/** The sentence alone: the reference beside it is the value of the setting. */
function unavailable(subject: string, { error }: Exclude<SecretOutcome, HeldSecret>): Finding {
  return { id: findingOfSecret(error.code), subject, seen: secretErrorCodes[error.code].sentence };
}

function judgeForm(subject: string, { form }: HeldSecret): readonly Finding[] {
  return form === 'usable'
    ? []
    : [{ id: 'RD-044', subject, seen: 'It was read, and no key of this use was found in it.' }];
}
