import type { SettingsDefinition } from '../define-settings.ts';
import type { Environment } from '../environment.ts';
import type { Profile, ProfileExpectation } from './parse-profile.ts';
import { hasPlaceholder } from './placeholder.ts';
import { isFilledTemplate } from './setting-template.ts';

/**
 * How a variable stands to what a profile wants. `elsewhere`: it is no setting of the service but of what stands in front,
 * and not in this environment, so that it has to be looked at there.
 */
export type ProfileStatus = 'ok' | 'differs' | 'missing' | 'placeholder' | 'elsewhere';

/** What came of one expectation. Holds no value of the environment (SR-53). */
export interface ProfileVerdict extends ProfileExpectation {
  readonly status: ProfileStatus;
}

/** A profile, held against settings. */
export interface ComparedProfile {
  readonly name: string;
  readonly verdicts: readonly ProfileVerdict[];
}

/** Variables of the edge (nginx/README.md), which a service does not read. */
const EDGE_PREFIX = 'EDGE_';

/**
 * Holds what a service was told, its defaults included, against a profile. Judges no value but by what the
 * profile wants. What this service has no setting for, as one without passwords, is left out.
 */
export function compareProfile(
  profile: Profile,
  definition: Pick<SettingsDefinition<unknown>, 'settings'>,
  environment: Environment,
): ComparedProfile {
  const defaults = new Map(definition.settings.map(({ name, defaultText }) => [name, defaultText]));
  const expectations = profile.expectations.filter(({ name }) => defaults.has(name) || name.startsWith(EDGE_PREFIX));
  const verdicts = expectations.map(({ name, template, why, moves }): ProfileVerdict => {
    const given = Object.hasOwn(environment, name) ? environment[name] : undefined;
    const isElsewhere = given === undefined && !defaults.has(name);
    const status = isElsewhere ? 'elsewhere' : statusOf(template, given ?? defaults.get(name));
    return { name, template, why, moves, status };
  });
  return { name: profile.name, verdicts };
}

/** Whether nothing is left to do: what is elsewhere cannot be judged from here, and is no fault. */
export function isAsProfileWants({ verdicts }: ComparedProfile): boolean {
  return verdicts.every(({ status }) => status === 'ok' || status === 'elsewhere');
}

function statusOf(template: string, value: string | undefined): ProfileStatus {
  if (value === undefined || value === '') return 'missing';
  if (hasPlaceholder(value)) return 'placeholder';
  return isFilledTemplate(template, value) ? 'ok' : 'differs';
}
