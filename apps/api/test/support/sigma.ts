import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseAllDocuments } from 'yaml';

/** A line of the log, read as JSON. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A rule of Sigma's specification 2, as far as the project's rules go: one selection of equal values. */
interface EventRule {
  readonly name: string;
  readonly level: string;
  readonly logsource: object;
  readonly detection: {
    readonly selection: Readonly<Record<string, string | number>>;
    readonly condition: 'selection';
  };
}

/** A correlation of Sigma's specification 2, of the types that the project's rules have. */
interface CorrelationRule {
  readonly name: string;
  readonly level: string;
  readonly correlation: {
    readonly type: 'event_count' | 'value_count' | 'temporal';
    readonly rules: readonly string[];
    readonly 'group-by': readonly string[];
    readonly timespan: string;
    readonly condition?: { readonly gte: number; readonly field?: string };
  };
}

/** A rule of the project. */
export type SigmaRule = EventRule | CorrelationRule;

/** Something that a rule has found: when, and the values of the fields that it names. */
interface Match {
  readonly atMs: number;
  readonly line: LogLine;
}

const FIELDS = {
  event: [
    'title',
    'id',
    'name',
    'status',
    'description',
    'references',
    'tags',
    'logsource',
    'detection',
    'falsepositives',
    'level',
  ],
  correlation: [
    'title',
    'id',
    'name',
    'status',
    'description',
    'references',
    'tags',
    'correlation',
    'falsepositives',
    'level',
  ],
};

/**
 * Reads every rule of a folder. A rule that has what this evaluator does not know is refused: it would be tested as
 * something else than it is.
 */
export function readSigmaRules(directory: string): ReadonlyMap<string, SigmaRule> {
  const rules = new Map<string, SigmaRule>();
  for (const file of globSync('*.yml', { cwd: directory }).toSorted()) {
    for (const document of parseAllDocuments(readFileSync(join(directory, file), 'utf8'))) {
      if (document.errors.length > 0) throw new Error(`${file}: ${String(document.errors[0])}`);
      const rule = document.toJS() as SigmaRule;
      assertKnown(rule, file);
      if (rules.has(rule.name)) throw new Error(`${file}: there are two rules ${rule.name}`);
      rules.set(rule.name, rule);
    }
  }
  return rules;
}

function assertKnown(rule: SigmaRule, file: string): void {
  const known = 'correlation' in rule ? FIELDS.correlation : FIELDS.event;
  const unknown = Object.keys(rule).filter((field) => !known.includes(field));
  const isKnown =
    'correlation' in rule
      ? ['event_count', 'value_count', 'temporal'].includes(rule.correlation.type)
      : rule.detection.condition === 'selection' && Object.keys(rule.detection).length === 2;
  if (unknown.length > 0 || !isKnown) throw new Error(`${file}: ${rule.name} is more than this evaluator knows`);
}

/** Finds what a rule finds in lines that are in the order of their time. */
export function evaluateSigma(rules: ReadonlyMap<string, SigmaRule>, name: string, lines: readonly LogLine[]): Match[] {
  const rule = rules.get(name);
  if (rule === undefined) throw new Error(`there is no rule ${name}`);
  if (!('correlation' in rule)) return findEvents(rule, lines);
  const { correlation } = rule;
  const found = correlation.rules.map((part) => evaluateSigma(rules, part, lines));
  const groups = new Set(found.flat().map((match) => groupOf(correlation, match)));
  groups.delete(undefined);
  return [...groups].flatMap((group) =>
    correlate(
      correlation,
      found.map((matches) => matches.filter((match) => groupOf(correlation, match) === group)),
    ),
  );
}

function findEvents({ detection }: EventRule, lines: readonly LogLine[]): Match[] {
  return lines
    .filter((line) => Object.entries(detection.selection).every(([field, value]) => valueOf(line, field) === value))
    .map((line) => ({ atMs: Date.parse(String(line['time'])), line }));
}

/** What the correlation finds in one group: the matches with which its condition comes true. */
function correlate({ type, timespan, condition }: CorrelationRule['correlation'], found: readonly Match[][]): Match[] {
  const all = found.flat().toSorted((a, b) => a.atMs - b.atMs);
  return all.filter((last) => {
    const isInWindow = ({ atMs }: Match): boolean => atMs <= last.atMs && atMs > last.atMs - millisecondsOf(timespan);
    if (type === 'temporal') return found.every((matches) => matches.some(isInWindow));
    const inWindow = all.filter(isInWindow);
    const counted =
      type === 'event_count'
        ? inWindow.length
        : new Set(inWindow.map(({ line }) => valueOf(line, condition?.field ?? ''))).size;
    return counted >= (condition?.gte ?? Infinity);
  });
}

/** The values that a match is grouped by; `undefined` when one of them is not there. */
function groupOf(correlation: CorrelationRule['correlation'], { line }: Match): string | undefined {
  const values = correlation['group-by'].map((field) => valueOf(line, field));
  return values.includes(undefined) ? undefined : JSON.stringify(values);
}

/** A field by its path. */
function valueOf(line: LogLine, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? (value as LogLine)[name] : undefined),
      line,
    );
}

function millisecondsOf(timespan: string): number {
  const [, minutes] = /^(\d+)m$/.exec(timespan) ?? [];
  if (minutes === undefined) throw new Error(`the timespan ${timespan} is more than this evaluator knows`);
  return Number(minutes) * 60_000;
}
