import { Secret } from '@redoubt/secrets';

import { SigningKeyScheduleError } from '../errors.ts';
import { importSigningKey, type SigningKey } from './signing-key.ts';

/** Keys in one schedule at most: two are usual, three while one follows another soon. */
const MAX_KEYS = 8;

/** A key since no particular instant: the only one of a service that has not rotated yet. */
const ALWAYS_MS = 0;

/**
 * One PEM block with the line before it (RFC 7468, section 2, allows text there). The label is checked when the key is
 * imported.
 */
const BLOCK = /^\s*(?:Signs-From: (\S+)\s+)?(-----BEGIN [A-Z ]+-----[A-Za-z0-9+/=\s]+-----END [A-Z ]+-----)/;

/** RFC 3339 in UTC, to the second: nothing that a reader in another zone reads as another instant. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** A key with the instant since which it signs; a later key takes over from it. */
export interface ScheduledKey {
  readonly key: SigningKey;
  /** Milliseconds since 1970. */
  readonly signsFromMs: number;
}

/**
 * Reads the keys of a secret: one key, as `importSigningKey` takes it, or several in PEM, each after a line
 * `Signs-From: 2027-01-31T12:00:00Z`; the first may be without. They come back in the order in which they sign. One
 * secret for all, so that a change of it is seen as a whole or not at all.
 *
 * @throws {SigningKeyScheduleError} for another form, for an instant that two keys share, and for more than 8 keys.
 * @throws {SigningKeyError} for a key that is not one of this service.
 */
export async function importSigningKeySchedule(material: Secret): Promise<readonly ScheduledKey[]> {
  const text = material.expose();
  if (text.trimStart().startsWith('{')) return [{ key: await importSigningKey(material), signsFromMs: ALWAYS_MS }];
  const scheduled = await Promise.all(
    splitBlocks(text).map(async ({ pem, signsFromMs }) => ({
      key: await importSigningKey(Secret.of(pem)),
      signsFromMs,
    })),
  );
  const inOrder = scheduled.toSorted((one, other) => one.signsFromMs - other.signsFromMs);
  assertDistinct(inOrder);
  return inOrder;
}

interface Block {
  readonly pem: string;
  readonly signsFromMs: number;
}

function splitBlocks(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let rest = text;
  while (rest.trim() !== '') {
    const [whole, instant, pem = ''] = BLOCK.exec(rest) ?? refuse();
    blocks.push({ pem, signsFromMs: instant === undefined ? ALWAYS_MS : parseInstant(instant) });
    if (blocks.length > MAX_KEYS) refuse();
    rest = rest.slice(whole.length);
  }
  return blocks.length === 0 ? refuse() : blocks;
}

function parseInstant(text: string): number {
  const instantMs = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instantMs) ? refuse() : instantMs;
}

function assertDistinct(scheduled: readonly ScheduledKey[]): void {
  const instants = new Set(scheduled.map(({ signsFromMs }) => signsFromMs));
  const ids = new Set(scheduled.map(({ key }) => key.kid));
  if (instants.size !== scheduled.length || ids.size !== scheduled.length) refuse();
}

function refuse(): never {
  throw new SigningKeyScheduleError('form');
}
