import { isAwsSession, staticCredentials } from '../../static-credentials.ts';
import type { SelfCheckRule } from './self-check-rule.ts';

/** Long-lived credentials that a library would take from the environment without being told (SR-51, SR-70). */
export const environmentCredentials: SelfCheckRule<unknown> = {
  area: 'secrets',
  name: 'credentials in the environment',
  judge(_settings, environment) {
    const { aws, ...others } = staticCredentials;
    const names = [...(isAwsSession(environment) ? [] : aws), ...Object.values(others).flat()];
    return names
      .filter((name) => Object.hasOwn(environment, name) && environment[name] !== '')
      .map((name) => ({ id: 'RD-048', subject: name, seen: 'It is set.' }));
  },
};
