import type { NodeEnvironment, RuleView, SettingsDefinition, SettingsRule } from './define-settings.ts';
import type { Environment } from './environment.ts';
import { hasPlaceholder } from './profiles/placeholder.ts';
import type { Malformed } from './reading.ts';
import type { FindingId } from './self-check/finding.ts';
import type { SettingFault, SettingProblem } from './setting-fault.ts';
import type { Setting } from './setting.ts';
import { SettingsError } from './settings-error.ts';
import { findStrayVariables } from './stray-variables.ts';

/** What one setting came to. Undecided: it depends on `NODE_ENV`, which is faulty. */
type Outcome = { readonly value: unknown } | { readonly fault: SettingFault } | 'absent' | 'undecided';
type Outcomes = ReadonlyMap<string, Outcome>;

/** The number of each fault that a setting can have by itself. */
const findingIds = { missing: 'RD-001', empty: 'RD-002', malformed: 'RD-003' } as const satisfies Partial<
  Record<SettingProblem, FindingId>
>;

/** Whatever its form: a sound address with a placeholder for its host would be looked up, and a name would be used. */
const leftPlaceholder: Malformed = {
  id: 'RD-130',
  advice: 'Put the value in place of the words in angle brackets, and the brackets.',
};

/** Thrown by a view when a rule reads a setting that has no value to judge. */
const NOTHING_TO_JUDGE = Symbol('nothing to judge');

/**
 * Reads, checks and freezes all settings of a service. `NODE_ENV` absent means production.
 *
 * @throws {SettingsError} with every fault at once, and without a value (SR-53).
 */
export function loadSettings<Values>(definition: SettingsDefinition<Values>, environment: Environment): Values {
  const outcomes = readAll(definition.settings, environment);
  const faults = [
    ...[...outcomes.values()].flatMap((outcome) => (hasFault(outcome) ? outcome.fault : [])),
    ...findStrayVariables(definition, environment),
    ...judge(definition.rules, viewOf<Values>(outcomes), environment),
  ];
  if (faults.length > 0) throw new SettingsError(faults);
  // Without a fault, each setting of the schema has the type that the schema gives it.
  return Object.freeze(valuesOf(outcomes)) as Values;
}

function readAll(settings: readonly Setting[], environment: Environment): Outcomes {
  const outcomes = new Map<string, Outcome>();
  for (const setting of settings) {
    outcomes.set(setting.name, readSetting(setting, environment, modeOf(outcomes)));
  }
  return outcomes;
}

/** `NODE_ENV` is the first setting of every definition; while it is read itself, nothing depends on it. */
function modeOf(outcomes: Outcomes): NodeEnvironment | undefined {
  const outcome = outcomes.get('NODE_ENV') ?? 'undecided';
  return hasValue(outcome) ? (outcome.value as NodeEnvironment) : undefined;
}

function readSetting(setting: Setting, environment: Environment, mode: NodeEnvironment | undefined): Outcome {
  const { name, defaultText, developmentDefaultText } = setting;
  const given = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (given !== undefined) return readText(setting, given);
  if (mode === undefined && developmentDefaultText !== undefined) return 'undecided';
  const text = mode === 'development' ? (developmentDefaultText ?? defaultText) : defaultText;
  if (text !== undefined) return readText(setting, text);
  return setting.presence === 'optional' ? 'absent' : { fault: faultOf(setting, 'missing') };
}

function readText(setting: Setting, text: string): Outcome {
  const { reader, shape } = setting;
  if (text === '' && shape === 'single') return { fault: faultOf(setting, 'empty') };
  if (hasPlaceholder(text)) return { fault: faultOf(setting, 'malformed', leftPlaceholder) };
  const reading = reader.read(text);
  if ('value' in reading) return { value: Array.isArray(reading.value) ? Object.freeze(reading.value) : reading.value };
  return { fault: faultOf(setting, 'malformed', reading) };
}

function faultOf(setting: Setting, problem: keyof typeof findingIds, known?: Malformed): SettingFault {
  return {
    id: known?.id ?? findingIds[problem],
    setting: setting.name,
    problem,
    expected: setting.reader.expected,
    fix: known?.advice ?? waysToMend(setting),
  };
}

function waysToMend({ name, presence, defaultText }: Setting): string {
  if (defaultText !== undefined) return `Set ${name} as expected, or remove it to have its default.`;
  return presence === 'optional' ? `Set ${name} as expected, or remove it.` : `Set ${name} as expected.`;
}

/** All settings as a rule sees them: by name, and out of reach where there is no value to judge. */
function viewOf<Values>(outcomes: Outcomes): RuleView<Values> {
  const view = {};
  for (const [name, outcome] of outcomes) {
    Object.defineProperty(view, name, { enumerable: true, get: () => judgeable(outcome) });
  }
  return view as RuleView<Values>;
}

function judgeable(outcome: Outcome): unknown {
  if (hasValue(outcome)) return outcome.value;
  if (outcome === 'absent') return undefined;
  // oxlint-disable-next-line typescript/only-throw-error -- a signal to `verdictOf`, which a rule's own errors must not resemble
  throw NOTHING_TO_JUDGE;
}

function judge<View>(rules: readonly SettingsRule<View>[], view: View, environment: Environment): SettingFault[] {
  return rules.flatMap((rule) => verdictOf(rule, view, environment) ?? []);
}

function verdictOf<View>(rule: SettingsRule<View>, view: View, environment: Environment): SettingFault | undefined {
  try {
    return rule(view, environment);
  } catch (error) {
    // The setting that it needs has a fault of its own, which is reported.
    if (error === NOTHING_TO_JUDGE) return undefined;
    throw error;
  }
}

function valuesOf(outcomes: Outcomes): Record<string, unknown> {
  return Object.fromEntries(
    [...outcomes].flatMap(([name, outcome]) => (hasValue(outcome) ? [[name, outcome.value]] : [])),
  );
}

function hasValue(outcome: Outcome): outcome is { readonly value: unknown } {
  return typeof outcome === 'object' && 'value' in outcome;
}

function hasFault(outcome: Outcome): outcome is { readonly fault: SettingFault } {
  return typeof outcome === 'object' && 'fault' in outcome;
}
