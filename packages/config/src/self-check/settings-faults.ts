import type { SettingFault } from '../setting-fault.ts';
import type { SettingsError } from '../settings-error.ts';
import type { Finding } from './finding.ts';
import type { SelfCheck } from './self-check.ts';

/** The check of settings that did not load: its findings are their faults, and nobody can tell what rests on them. */
export function settingsFaultsCheck(error: SettingsError): SelfCheck {
  return {
    area: 'settings',
    name: 'the settings load',
    run: () => ({ findings: findingsOfFaults(error), unknown: ['whatever rests on the settings'] }),
  };
}

/** The faults of settings as findings, each with its own way to mend it. */
export function findingsOfFaults({ faults }: SettingsError): readonly Finding[] {
  return faults.map(findingOf);
}

function findingOf({ id, setting, problem, expected, fix }: SettingFault): Finding {
  return { id, subject: setting, seen: `It is ${problem}. Expected: ${expected}.`, fix };
}
