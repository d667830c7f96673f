import type { RepositoryFiles } from '../read/repository-files.ts';
import type { YamlView } from '../read/yaml-view.ts';

/** Where exceptions stand, each with a reason and a last day. */
export const EXCEPTIONS_FILE = 'tools/policy-exceptions.yaml';

/** Half a year: long enough for an upstream to act, short enough that somebody still knows why. */
const MAX_HORIZON_DAYS = 180;

const KEYS = ['rule', 'file', 'subject', 'reason', 'expires'] as const;

/** One exception, as it is written. */
export interface PolicyException {
  readonly line: number;
  readonly rule: string;
  readonly file: string;
  readonly subject: string;
  readonly reason: string;
  /** `2027-03-01`: the last day on which it holds. */
  readonly expires: string;
  /** Keys that mean nothing here. */
  readonly unknown: readonly string[];
}

/** The exceptions of the repository; none where it has no file of them. */
export function readExceptions(files: RepositoryFiles): PolicyException[] {
  if (!files.has(EXCEPTIONS_FILE)) return [];
  return (files.yaml(EXCEPTIONS_FILE).get('exceptions')?.items() ?? []).map(toException);
}

function toException(item: YamlView): PolicyException {
  const text = (key: (typeof KEYS)[number]): string => item.get(key)?.text ?? '';
  return {
    line: item.line,
    rule: text('rule'),
    file: text('file'),
    subject: text('subject'),
    reason: text('reason'),
    expires: text('expires'),
    unknown: item.entries().flatMap(([key]) => ((KEYS as readonly string[]).includes(key) ? [] : [key])),
  };
}

/** Whole days from one date to another, both as `2026-11-26`; NaN when one of them is no date. */
export function daysBetween(from: string, to: string): number {
  return (dayOf(to) - dayOf(from)) / 86_400_000;
}

function dayOf(date: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return Number.NaN;
  const time = Date.parse(`${date}T00:00:00Z`);
  // 2027-02-30 is read as a day in March by some engines, and as no date by others.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date ? Number.NaN : time;
}

/** Holds on its last day, and not on the day after. */
export function isInForce({ expires }: Pick<PolicyException, 'expires'>, today: string): boolean {
  return daysBetween(today, expires) >= 0;
}

/** What is wrong with a last day: no date, past, or too far away. Nothing, when it is in order. */
export function faultOfExpiry(expires: string, today: string): string | undefined {
  const days = daysBetween(today, expires);
  if (Number.isNaN(days)) return `it has no last day: ${expires === '' ? 'none' : expires}`;
  if (days < 0) return `it ended on ${expires}`;
  if (days > MAX_HORIZON_DAYS) return `it ends in ${days} days; ${MAX_HORIZON_DAYS} are the most`;
  return undefined;
}
