import { SigningKeyScheduleError } from '../errors.ts';
import { ACCESS_TOKEN_TTL_SECONDS, CLOCK_TOLERANCE_SECONDS } from './access-token-profile.ts';
import { createKeyRing, type KeyRing } from './key-ring.ts';
import type { ScheduledKey } from './signing-key-schedule.ts';
import type { SigningKey } from './signing-key.ts';

/**
 * How long a key is published before it signs: 10 minutes, for which verifiers may keep the key set that they have
 * (SR-52).
 */
export const PUBLISHED_BEFORE_SIGNING_SECONDS = 600;

/** What a rotation needs to know. */
export interface KeyRotationOptions {
  /** At least one of them signs already; they are believed to have been published in time. */
  readonly keys: readonly ScheduledKey[];
  /** Milliseconds since 1970. Default: the system clock. */
  readonly now?: () => number;
  /** How long an access token lives. Default: {@link ACCESS_TOKEN_TTL_SECONDS}. */
  readonly ttlSeconds?: number;
  /** How far clocks may be apart. Default: {@link CLOCK_TOLERANCE_SECONDS}. */
  readonly clockToleranceSeconds?: number;
}

/** Keys that follow each other while the service runs. */
export interface KeyRotation {
  /**
   * The keys as they stand now: asking it is what moves them on, so there is no timer. When its keys are replaced by
   * hand, the schedule rests until it is loaded again.
   */
  readonly keyRing: KeyRing;
  /**
   * Takes another schedule in place of the present one. A key that it leaves out is refused from now on, and so are its
   * tokens. Throws {@link SigningKeyScheduleError}, and keeps what it has, when no key would sign now, or when a key
   * would sign that has not been published here for 10 minutes by then.
   */
  load(keys: readonly ScheduledKey[]): void;
}

/**
 * Makes a ring whose keys change by the clock (SR-52): a key is published from the moment it is in the schedule, signs
 * from its instant on, and when the next one takes over verifies for as long as a token that it signed may be accepted.
 * Every replica with the same schedule does the same at the same time, give or take its clock.
 */
export function createKeyRotation({
  keys,
  now = Date.now,
  ttlSeconds = ACCESS_TOKEN_TTL_SECONDS,
  clockToleranceSeconds = CLOCK_TOLERANCE_SECONDS,
}: KeyRotationOptions): KeyRotation {
  // The tolerance counts twice: for the verifier's clock, and for a replica that signs with the old key a little longer.
  const verifiesForMs = (ttlSeconds + 2 * clockToleranceSeconds) * 1000;
  let schedule = keys;
  let publishedAtMs = new Map(keys.map(({ key }) => [key.kid, Number.NEGATIVE_INFINITY]));
  let changesAtMs = nextChangeMs(schedule, now(), verifiesForMs);
  const ring = createKeyRing({ keys: keysAt(schedule, now(), verifiesForMs) });

  function advance(): KeyRing {
    if (now() >= changesAtMs) arrange();
    return ring;
  }

  function arrange(): void {
    const instantMs = now();
    ring.replace(keysAt(schedule, instantMs, verifiesForMs));
    changesAtMs = nextChangeMs(schedule, instantMs, verifiesForMs);
  }

  return {
    keyRing: {
      get version() {
        return advance().version;
      },
      signingKey: () => advance().signingKey(),
      verificationKey: (kid) => advance().verificationKey(kid),
      publicJwks: () => advance().publicJwks(),
      replace(next) {
        ring.replace(next);
        changesAtMs = Number.POSITIVE_INFINITY;
      },
    },
    load(next) {
      const instantMs = now();
      const published = new Map(next.map(({ key }) => [key.kid, publishedAtMs.get(key.kid) ?? instantMs]));
      if (!next.every((scheduled) => isPublishedInTime(scheduled, published)))
        throw new SigningKeyScheduleError('notice');
      keysAt(next, instantMs, verifiesForMs); // throws before anything changes
      schedule = next;
      publishedAtMs = published;
      arrange();
    },
  };
}

function isPublishedInTime({ key, signsFromMs }: ScheduledKey, publishedAtMs: ReadonlyMap<string, number>): boolean {
  const sinceMs = publishedAtMs.get(key.kid) ?? Number.POSITIVE_INFINITY;
  return signsFromMs - sinceMs >= PUBLISHED_BEFORE_SIGNING_SECONDS * 1000;
}

/** Each key with its state at an instant, without those whose last token has expired. */
function keysAt(schedule: readonly ScheduledKey[], instantMs: number, verifiesForMs: number): readonly SigningKey[] {
  const activeIndex = schedule.findLastIndex(({ signsFromMs }) => signsFromMs <= instantMs);
  if (activeIndex === -1) throw new SigningKeyScheduleError('no-active-key');
  return schedule.flatMap(({ key }, index): SigningKey[] => {
    if (index === activeIndex) return [{ ...key, state: 'active' }];
    if (index > activeIndex) return [{ ...key, state: 'published' }];
    return instantMs < leavesAtMs(schedule, index, verifiesForMs) ? [{ ...key, state: 'retired' }] : [];
  });
}

function nextChangeMs(schedule: readonly ScheduledKey[], instantMs: number, verifiesForMs: number): number {
  const changes = schedule.flatMap(({ signsFromMs }, index) => [
    signsFromMs,
    leavesAtMs(schedule, index, verifiesForMs),
  ]);
  return Math.min(...changes.filter((changeMs) => changeMs > instantMs), Number.POSITIVE_INFINITY);
}

/** A key stops signing when the next one starts. */
function leavesAtMs(schedule: readonly ScheduledKey[], index: number, verifiesForMs: number): number {
  return (schedule[index + 1]?.signsFromMs ?? Number.POSITIVE_INFINITY) + verifiesForMs;
}
