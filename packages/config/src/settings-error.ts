import { pageOf } from './self-check/finding-page.ts';
import type { SettingFault, SettingProblem } from './setting-fault.ts';

/** EX_CONFIG of sysexits.h: a supervisor sees that another start would end the same way. */
export const EXIT_CODE_CONFIGURATION = 78;

const problemTitles: Readonly<Record<SettingProblem, string>> = {
  missing: 'is missing',
  empty: 'is empty',
  malformed: 'is malformed',
  unknown: 'is not a setting of this service',
  misspelt: 'is misspelt',
  refused: 'is refused',
};

/**
 * The configuration is not acceptable. Carries every fault, not the first only, and its message is laid out for a
 * terminal. Holds no value of any setting (SR-53).
 */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly faults: readonly SettingFault[];

  constructor(faults: readonly SettingFault[]) {
    super([summaryOf(faults.length), ...faults.map(blockOf)].join('\n\n'));
    this.faults = Object.freeze([...faults]);
  }
}

function summaryOf(count: number): string {
  return `The configuration has ${count === 1 ? 'one fault' : `${count} faults`}; nothing was started.`;
}

function blockOf({ id, setting, problem, expected, fix }: SettingFault): string {
  return [
    `  ${id}  ${setting} ${problemTitles[problem]}`,
    `    expected  ${expected}`,
    `    fix       ${fix}`,
    `    page      ${pageOf(id)}`,
  ].join('\n');
}
