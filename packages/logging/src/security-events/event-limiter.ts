import type { SecurityEventName } from './catalogue.ts';

/** One event of a kind, from one place, in this time: milliseconds. Often enough to see an attack go on. */
const WINDOW_MS = 60_000;

/**
 * Events in one window of one process, all places together: 300. Who has many addresses writes five rows a second at
 * most, 430,000 a day and about 200 MB.
 */
const MAX_EVENTS = 300;

/** What `createEventLimiter` needs. */
export interface EventLimiterOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of each event that is not raised. */
  readonly onSuppressed: (name: SecurityEventName) => void;
}

/** Says whether an event that anybody can cause at will is raised once more. */
export interface EventLimiter {
  /** `true` for the first one of its kind and source in a window, while the window has room. */
  admit(name: SecurityEventName, source: string): boolean;
}

/**
 * Keeps those who need no account from filling the audit table (SR-40): of one kind and source one event a minute, and
 * 300 in all. The rest is counted only. Each replica counts alone: what it bounds is its own writing.
 */
export function createEventLimiter({ now, onSuppressed }: EventLimiterOptions): EventLimiter {
  const seen = new Set<string>();
  let endsAt = 0;
  return {
    admit(name, source) {
      if (now() >= endsAt) {
        seen.clear();
        endsAt = now() + WINDOW_MS;
      }
      const key = `${name} ${source}`;
      if (!seen.has(key) && seen.size < MAX_EVENTS) {
        seen.add(key);
        return true;
      }
      onSuppressed(name);
      return false;
    },
  };
}
