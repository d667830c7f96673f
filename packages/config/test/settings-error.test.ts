import { describe, expect, it } from 'vitest';
import { EXIT_CODE_CONFIGURATION, refusedSetting, SettingsError } from '../src/index.ts';

const faults = [
  refusedSetting('PUBLIC_ORIGIN', 'https', 'Use https.'),
  { setting: 'PORT', problem: 'missing', expected: 'a port', fix: 'Set PORT.' },
] as const;

describe('SettingsError', () => {
  it('lays out a block for each fault', () => {
    expect(new SettingsError(faults).message).toBe(
      [
        'The configuration has 2 faults; nothing was started.',
        '',
        '  PUBLIC_ORIGIN is refused',
        '    expected  https',
        '    fix       Use https.',
        '',
        '  PORT is missing',
        '    expected  a port',
        '    fix       Set PORT.',
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
