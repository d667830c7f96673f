import type { SettingsDefinition } from './define-settings.ts';
import { editDistance } from './edit-distance.ts';
import type { Environment } from './environment.ts';
import type { SettingFault } from './setting-fault.ts';

/** Two slips of the hand, or one swap of neighbours; at three, different words look alike. */
const MAX_SLIPS = 2;

/** Below 8 characters, common variables (HOME, USER, SHELL) are too near to short settings (HOST, PORT). */
const MIN_MISSPELT_CHARACTERS = 8;

/** Long enough for any real name, and short enough for a line of a terminal. */
const MAX_PRINTED_CHARACTERS = 64;

/**
 * The variables that were meant as settings and are none: those with the service's prefix, and those that look like a
 * setting which is itself absent. Letters compare without case, as Windows has it.
 */
export function findStrayVariables(
  { prefix, settings }: Pick<SettingsDefinition<unknown>, 'prefix' | 'settings'>,
  environment: Environment,
): readonly SettingFault[] {
  const known = new Set(settings.map(({ name }) => name));
  const absent = [...known].filter((name) => !Object.hasOwn(environment, name));
  const strangers = Object.keys(environment).filter((name) => !known.has(name));
  return strangers.flatMap((name) =>
    name.toUpperCase().startsWith(prefix) ? unknownVariable(name, known) : misspeltVariable(name, absent),
  );
}

function unknownVariable(name: string, known: Iterable<string>): SettingFault {
  const nearest = nearestOf(name, known);
  return {
    id: 'RD-004',
    setting: printable(name),
    problem: 'unknown',
    expected: 'a setting of this service: its prefix is on no other variable',
    fix:
      nearest === undefined ? 'Remove it, or correct its name.' : `Remove it, or rename it: did you mean ${nearest}?`,
  };
}

function misspeltVariable(name: string, absent: Iterable<string>): readonly SettingFault[] {
  const nearest = name.length < MIN_MISSPELT_CHARACTERS ? undefined : nearestOf(name, absent);
  if (nearest === undefined) return [];
  const fix = `Rename it, or set ${nearest} as well: did you mean ${nearest}?`;
  return [
    { id: 'RD-005', setting: printable(name), problem: 'misspelt', expected: `${nearest}, which is not set`, fix },
  ];
}

function nearestOf(name: string, candidates: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let slips = MAX_SLIPS + 1;
  for (const candidate of candidates) {
    const distance = slipsBetween(name.toUpperCase(), candidate);
    if (distance < slips) [nearest, slips] = [candidate, distance];
  }
  return nearest;
}

function slipsBetween(name: string, candidate: string): number {
  const isFar = Math.abs(name.length - candidate.length) > MAX_SLIPS;
  return isFar ? Number.POSITIVE_INFINITY : editDistance(name, candidate);
}

/** A name comes from outside, and may try to command a terminal. */
function printable(name: string): string {
  const text = name.replaceAll(/[^\w.-]/g, '?');
  return text.length > MAX_PRINTED_CHARACTERS ? `${text.slice(0, MAX_PRINTED_CHARACTERS)}…` : text;
}
