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

/** Holds what a service was told, its defaults included, against a profile. Judges no value but by what the profile wants. */
export function compareProfile(
  profile: Profile,
  definition: Pick<SettingsDefinition<unknown>, 'settings'>,
  environment: Environment,
): ComparedProfile {
  const defaults = new Map(definition.settings.map(({ name, defaultText }) => [name, defaultText]));
  const verdicts = profile.expectations.map((expectation): ProfileVerdict => {
    const { name, template } = expectation;
    const given = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (given === undefined && !defaults.has(name)) return { ...expectation, status: 'elsewhere' };
    return { ...expectation, status: statusOf(template, given ?? defaults.get(name)) };
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
