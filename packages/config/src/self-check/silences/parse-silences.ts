import { findingCatalogue } from '../catalogue.ts';
import type { Finding, FindingId } from '../finding.ts';
import type { Silence, SilenceReading } from './silence.ts';

/** A quarter: long enough to plan a repair, short enough that whoever decided is still there to be asked. */
const MAX_SILENCE_DAYS = 90;

/** "False positive" is 14 characters and says nothing; below 10 not even that. */
const MIN_REASON_CHARACTERS = 10;
/** A reason is a sentence or two on a line of the log. */
const MAX_REASON_CHARACTERS = 500;

const DAY_MS = 86_400_000;

const FIELDS: ReadonlySet<string> = new Set(['id', 'subject', 'reason', 'until']);

/** What would command a terminal or begin a line of its own. */
// oxlint-disable-next-line no-control-regex -- finding control characters is what it is for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** An entry of the file whose fields are known and are text. */
interface Entry {
  readonly id?: string;
  readonly subject?: string;
  readonly reason?: string;
  readonly until?: string;
}

/** What is wrong with an entry, by its number and in a sentence that quotes nothing of it. */
type Fault = readonly [id: FindingId, seen: string];

/**
 * Understands the content of a file of silences: a list of `{ id, subject?, reason, until }`, and nothing else. An
 * entry with a fault silences nothing; each of its faults is a finding that names its place.
 */
export function parseSilences(text: string, source: string, nowMs: number): SilenceReading {
  const entries = parseList(text);
  if (entries === undefined) return refusal(source, 'It is no JSON list.');
  const silences: Silence[] = [];
  const findings: Finding[] = [];
  const taken = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const place = `${source}, entry ${index + 1}`;
    const faults = faultsOf(entry, taken, nowMs);
    findings.push(...faults.map(([id, seen]) => ({ id, subject: place, seen })));
    if (faults.length === 0) silences.push(silenceOf(entry as Entry, place));
  }
  return { silences, findings };
}

/** What stands for a file that is of no use as a whole. */
export function refusal(source: string, seen: string): SilenceReading {
  return { silences: [], findings: [{ id: 'RD-120', subject: source, seen }] };
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    // A parser's message quotes what it read; RD-120 says that it is no JSON.
    return undefined;
  }
}

function faultsOf(entry: unknown, taken: Set<string>, nowMs: number): readonly Fault[] {
  if (!isEntry(entry))
    return [['RD-129', 'It is no object of the fields id, subject, reason and until, each of text.']];
  return [...faultsOfId(entry, taken), ...faultsOfReason(entry), ...faultsOfExpiry(entry, nowMs)];
}

function isEntry(entry: unknown): entry is Entry {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return false;
  return Object.entries(entry).every(
    ([field, value]) => FIELDS.has(field) && typeof value === 'string' && value !== '',
  );
}

function faultsOfId({ id, subject }: Entry, taken: Set<string>): readonly Fault[] {
  const kind = findingCatalogue.get(id as FindingId);
  if (kind === undefined) return [['RD-121', 'Its id is no number of the catalogue.']];
  const key = JSON.stringify([id, subject]);
  const isTaken = taken.has(key);
  taken.add(key);
  if (kind.silencing === 'refused') return [['RD-126', `It is of ${id}, which cannot be silenced.`]];
  return isTaken ? [['RD-127', `An entry before it is of ${id} and the same subject.`]] : [];
}

function faultsOfReason({ reason = '' }: Entry): readonly Fault[] {
  const { length } = reason.trim();
  if (length < MIN_REASON_CHARACTERS) return [['RD-122', 'Its reason is missing, or too short to be one.']];
  if (length > MAX_REASON_CHARACTERS) return [['RD-122', 'Its reason is too long for a line of the log.']];
  return CONTROL_CHARACTER.test(reason) ? [['RD-122', 'Its reason has control characters or line breaks.']] : [];
}

function faultsOfExpiry({ until = '' }: Entry, nowMs: number): readonly Fault[] {
  const lastDay = dayOf(until);
  if (lastDay === undefined) return [['RD-123', 'It has no last day of the form 2027-01-31.']];
  const today = Math.floor(nowMs / DAY_MS);
  if (lastDay < today) return [['RD-124', `Its last day was ${until}.`]];
  return lastDay > today + MAX_SILENCE_DAYS ? [['RD-125', `Its last day is ${until}.`]] : [];
}

/** A day as the number of days since 1970, in UTC; undefined for what is no day, as 2027-02-30. */
function dayOf(text: string): number | undefined {
  const startMs = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  const isDay = !Number.isNaN(startMs) && new Date(startMs).toISOString().startsWith(text);
  return isDay ? startMs / DAY_MS : undefined;
}

/** An entry without a fault has all that a silence has. */
function silenceOf({ id, subject, reason = '', until = '' }: Entry, place: string): Silence {
  return { id: id as FindingId, subject, reason: reason.trim(), until, place };
}
