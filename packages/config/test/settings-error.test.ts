import { describe, expect, it } from 'vitest';
import { EXIT_CODE_CONFIGURATION, refusedSetting, SettingsError } from '../src/index.ts';

const faults = [
  refusedSetting('RD-007', 'PUBLIC_ORIGIN', 'https', 'Use https.'),
  { id: 'RD-001', setting: 'PORT', problem: 'missing', expected: 'a port', fix: 'Set PORT.' },
] as const;

describe('SettingsError', () => {
  it('lays out a block for each fault, with its number and its page', () => {
    expect(new SettingsError(faults).message).toBe(
      [
        'The configuration has 2 faults; nothing was started.',
        '',
        '  RD-007  PUBLIC_ORIGIN is refused',
        '    expected  https',
        '    fix       Use https.',
        '    page      docs/findings/RD-007.md',
        '',
        '  RD-001  PORT is missing',
        '    expected  a port',
        '    fix       Set PORT.',
        '    page      docs/findings/RD-001.md',
      ].join('\n'),
    );
  });

  it('counts one fault in the singular', () => {
    expect(new SettingsError(faults.slice(1)).message).toMatch(/^The configuration has one fault;/);
  });

  it('keeps its faults from being changed', () => {
    expect(Object.isFrozen(new SettingsError(faults).faults)).toBe(true);
  });

  it('SR-53: goes with the exit code of sysexits.h for a configuration', () => {
    expect(EXIT_CODE_CONFIGURATION).toBe(78);
  });
});
