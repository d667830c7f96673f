import { Value } from '@sinclair/typebox/value';
import { describe, expect, it } from 'vitest';
import {
  colourFor,
  loadSettings,
  renderReport,
  reportDocument,
  reportSchema,
  runSelfCheck,
  type SelfCheckReport,
  SettingsError,
  settingsFaultsCheck,
} from '../../src/index.ts';
import { exampleSettings } from '../example-settings.ts';

const NOW_MS = Date.parse('2026-11-25T12:00:00Z');

function reportOf(): Promise<SelfCheckReport> {
  return runSelfCheck({
    checks: [
      { area: 'network', name: 'metrics', run: () => [{ id: 'RD-103', subject: 'MANAGEMENT_HOST', seen: 'All.' }] },
      { area: 'network', name: 'proxies', run: () => [{ id: 'RD-107', subject: 'TRUSTED_PROXIES', seen: 'Wide.' }] },
      {
        area: 'secrets',
        name: 'a key',
        run: () => [{ id: 'RD-029', subject: 'SIGNING_KEY', seen: 'Open.', fix: 'Close it.' }],
      },
      { area: 'browser', name: 'origins', run: () => [] },
      { area: 'database', name: 'its role', run: () => Promise.reject(new Error('x')) },
    ],
    silences: {
      silences: [
        { id: 'RD-107', subject: undefined, reason: 'one team has it all', until: '2027-01-31', place: 'entry 1' },
      ],
      findings: [],
    },
    mode: 'production',
    now: () => NOW_MS,
  });
}

describe('a report for a person', () => {
  it('has errors first, by area, each with its number, subject, what was seen, its fix and its page', async () => {
    const text = renderReport(await reportOf(), 'off');
    expect(text).toBe(
      `Secrets

  RD-029  error  SIGNING_KEY: A secret file is open to everybody on the machine
    seen    Open.
    fix     Close it.
    page    docs/findings/RD-029.md

Network

  RD-103  warning  MANAGEMENT_HOST: The management listener is on every address
    seen    All.
    fix     Set MANAGEMENT_HOST to the loopback or to an address of the inner network. Where the address is
            not known before the start, as in a pod, close the port by a network policy and silence this with
            its name as the reason.
    page    docs/findings/RD-103.md

Silenced

  RD-107  warning  TRUSTED_PROXIES: A whole network is trusted as proxies
    until   2027-01-31
    reason  one team has it all

Not checked

  database: its role
    why     The check failed: Error.

Self-check under the rules of production: 1 error, 1 warning, 0 advice, 1 silenced, 1 check passed, 1 not checked.`,
    );
  });

  it('has colours for the weights only where they are on', async () => {
    const report = await reportOf();
    expect(renderReport(report, 'on')).toContain('\u001b[31merror\u001b[39m');
    expect(renderReport(report, 'off')).not.toContain('\u001b');
  });

  it('has colours on a terminal whose user did not decline them', () => {
    expect(colourFor({ isTTY: true }, {})).toBe('on');
    expect(colourFor({ isTTY: true }, { NO_COLOR: '' })).toBe('on');
    expect(colourFor({ isTTY: true }, { NO_COLOR: '1' })).toBe('off');
    expect(colourFor({ isTTY: false }, {})).toBe('off');
    expect(colourFor({}, {})).toBe('off');
  });
});

describe('a report for a machine', () => {
  it('has the form of its schema, and its version', async () => {
    const document: unknown = JSON.parse(JSON.stringify(reportDocument(await reportOf())));
    expect([...Value.Errors(reportSchema, document)]).toEqual([]);
    expect(document).toMatchObject({
      version: 1,
      mode: 'production',
      checkedAt: '2026-11-25T12:00:00.000Z',
      exitCode: 78,
      findings: [{ id: 'RD-029', severity: 'error', area: 'secrets', subject: 'SIGNING_KEY' }, { id: 'RD-103' }],
      silenced: [{ id: 'RD-107', reason: 'one team has it all', until: '2027-01-31' }],
      passed: [{ area: 'browser', check: 'origins' }],
      notChecked: [{ area: 'database', check: 'its role', reason: 'The check failed: Error.' }],
    });
  });

  it('keeps the fields that version 1 has', () => {
    const fieldsOf = (schema: { properties: object }): readonly string[] => Object.keys(schema.properties);
    const { properties } = reportSchema;
    expect(fieldsOf(reportSchema)).toEqual(
      expect.arrayContaining([
        'version',
        'mode',
        'checkedAt',
        'exitCode',
        'findings',
        'silenced',
        'passed',
        'notChecked',
      ]),
    );
    const finding = ['id', 'severity', 'area', 'subject', 'title', 'seen', 'fix', 'page'];
    expect(fieldsOf(properties.findings.items)).toEqual(expect.arrayContaining(finding));
    expect(fieldsOf(properties.silenced.items)).toEqual(expect.arrayContaining([...finding, 'reason', 'until']));
    expect(fieldsOf(properties.notChecked.items)).toEqual(expect.arrayContaining(['area', 'check', 'reason']));
  });
});

describe('settings that do not load', () => {
  it('SR-53: are findings, each with its number and its own way to mend it', async () => {
    let error: unknown;
    try {
      loadSettings(exampleSettings, { PUBLIC_ORIGIN: 'http://a.example', SIGNING_KEY: '', EXAMPLE_SHARD: 'a' });
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(SettingsError);
    const checks = [settingsFaultsCheck(error as SettingsError)];
    const { findings, passed, notChecked } = await runSelfCheck({ checks, mode: 'development', now: () => NOW_MS });
    expect(passed).toEqual([]);
    expect(notChecked).toMatchObject([{ reason: 'Not known: whatever rests on the settings.' }]);
    expect(findings.map(({ id, severity, subject }) => `${id} ${severity} ${subject}`)).toEqual([
      'RD-002 error SIGNING_KEY',
      'RD-004 error EXAMPLE_SHARD',
      'RD-007 error PUBLIC_ORIGIN',
    ]);
    expect(findings[1]?.fix).toContain('did you mean EXAMPLE_SHARDS?');
  });
});
