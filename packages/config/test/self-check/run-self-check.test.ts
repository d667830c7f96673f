import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  assertFitToStart,
  exitCodeOf,
  type Finding,
  type FindingId,
  NotCheckedError,
  runSelfCheck,
  type SelfCheck,
  SelfCheckError,
  type SelfCheckOptions,
  type SelfCheckReport,
  type Silence,
} from '../../src/index.ts';

const NOW_MS = Date.parse('2026-11-25T12:00:00Z');
const canary = randomBytes(12).toString('hex');

/** An error in production that is hardening, one that is not, a warning and an advice. */
const HARDENING: Finding = { id: 'RD-104', subject: 'MANAGEMENT_HOST', seen: 'It is an address of the internet.' };
const UNUSABLE: Finding = { id: 'RD-029', subject: 'SIGNING_KEY', seen: 'Everybody can read it.' };
const WARNING: Finding = { id: 'RD-047', subject: 'DATABASE_PASSWORD', seen: 'It is old.' };
const ADVICE: Finding = { id: 'RD-113', subject: 'ALLOWED_ORIGINS', seen: 'It is useless.' };

function checkOf(name: string, run: SelfCheck['run']): SelfCheck {
  return { area: 'network', name, run };
}

function silenceOf(id: FindingId, subject?: string): Silence {
  return { id, subject, reason: 'closed by the policy', until: '2027-01-31', place: 'entry 1' };
}

function run(findings: readonly Finding[], options: Partial<SelfCheckOptions> = {}): Promise<SelfCheckReport> {
  return runSelfCheck({
    checks: [checkOf('one', () => findings)],
    mode: 'production',
    now: () => NOW_MS,
    ...options,
  });
}

function weightsOf({ findings }: SelfCheckReport): readonly string[] {
  return findings.map(({ id, severity }) => `${id} ${severity}`);
}

describe('runSelfCheck', () => {
  it('gives the heaviest first, then by number', async () => {
    const report = await run([ADVICE, WARNING, HARDENING, UNUSABLE]);
    expect(weightsOf(report)).toEqual(['RD-029 error', 'RD-104 error', 'RD-047 warning', 'RD-113 advice']);
    expect(report.checkedAtMs).toBe(NOW_MS);
  });

  it('SR-53: in development lets missing hardening warn, and leaves what cannot be used an error', async () => {
    const report = await run([ADVICE, WARNING, HARDENING, UNUSABLE], { mode: 'development' });
    expect(weightsOf(report)).toEqual(['RD-029 error', 'RD-047 warning', 'RD-104 warning', 'RD-113 advice']);
  });

  it('adds what the catalogue says, and prefers the fix of the finding itself', async () => {
    const report = await run([UNUSABLE, { ...WARNING, fix: 'Rotate it today.' }]);
    expect(report.findings[0]).toMatchObject({
      area: 'secrets',
      title: 'A secret file is open to everybody on the machine',
      fix: expect.stringContaining('chmod 0400') as unknown,
      page: 'docs/findings/RD-029.md',
    });
    expect(report.findings[1]?.fix).toBe('Rotate it today.');
  });

  it('tells checks that passed from those that found something', async () => {
    const report = await run([], { checks: [checkOf('clean', () => []), checkOf('dirty', () => [WARNING])] });
    expect(report.passed).toEqual([{ area: 'network', name: 'clean' }]);
  });

  it('takes a number that the catalogue does not have for a mistake of the check', async () => {
    await expect(run([{ ...WARNING, id: 'RD-999' }])).rejects.toThrow(TypeError);
  });
});

describe('a check that cannot look', () => {
  const failures: Record<string, [SelfCheck['run'], string]> = {
    'says why in its own words': [
      () => Promise.reject(new NotCheckedError('The database did not answer.')),
      'The database did not answer.',
    ],
    'fails with an error of the system': [
      () => Promise.reject(Object.assign(new Error(`connect ${canary}`), { code: 'ECONNREFUSED' })),
      'The check failed: Error ECONNREFUSED.',
    ],
    'has an error of its own, thrown at once': [
      () => {
        throw new RangeError(canary);
      },
      'The check failed: RangeError.',
    ],
    'has an error with a code that is a message': [
      () => Promise.reject(Object.assign(new Error(canary), { code: `see ${canary}` })),
      'The check failed: Error.',
    ],
    'rejects with no error': [() => Promise.reject(canary), 'The check failed.'],
    'never ends': [() => new Promise(() => undefined), 'It took too long.'],
  };

  for (const [what, [look, reason]] of Object.entries(failures)) {
    it(`SR-53: is not checked, and never passed, when it ${what}`, async () => {
      const report = await run([], { checks: [checkOf('it', look)], checkTimeoutMs: 5 });
      expect(report.notChecked).toEqual([{ area: 'network', name: 'it', reason }]);
      expect(report.passed).toEqual([]);
      expect(report.findings).toEqual([]);
      expect(inspect(report, { depth: Infinity })).not.toContain(canary);
    });
  }

  it('SR-53: has not passed with what it could not learn, and keeps what it found', async () => {
    const unknown = ['hasSeccompFilter', 'isRootFileSystemWritable'];
    const checks = [
      checkOf('blind', () => ({ findings: [], unknown })),
      checkOf('half blind', () => Promise.resolve({ findings: [WARNING], unknown: ['user'] })),
      checkOf('sighted', () => ({ findings: [], unknown: [] })),
    ];
    const report = await run([], { checks });
    expect(weightsOf(report)).toEqual(['RD-047 warning']);
    expect(report.passed).toEqual([{ area: 'network', name: 'sighted' }]);
    expect(report.notChecked).toEqual([
      { area: 'network', name: 'blind', reason: 'Not known: hasSeccompFilter, isRootFileSystemWritable.' },
      { area: 'network', name: 'half blind', reason: 'Not known: user.' },
    ]);
  });

  it('is told when nobody waits for it any longer', async () => {
    let signal: AbortSignal | undefined;
    const slow = checkOf('slow', (given) => {
      signal = given;
      return new Promise(() => undefined);
    });
    await run([], { checks: [slow], checkTimeoutMs: 5 });
    expect(signal?.aborted).toBe(true);
  });

  it('keeps nobody else from looking', async () => {
    const checks = [checkOf('broken', () => Promise.reject(new Error('x'))), checkOf('fine', () => [UNUSABLE])];
    expect(weightsOf(await run([], { checks }))).toEqual(['RD-029 error']);
  });
});

describe('a silence', () => {
  it('takes a finding out of those that stop a start, with its reason', async () => {
    const report = await run([HARDENING], { silences: { silences: [silenceOf('RD-104')], findings: [] } });
    expect(report.findings).toEqual([]);
    expect(report.silenced).toMatchObject([{ id: 'RD-104', reason: 'closed by the policy', until: '2027-01-31' }]);
    expect(exitCodeOf(report)).toBe(0);
  });

  it('of one subject leaves the others', async () => {
    const other = { ...HARDENING, subject: 'OTHER_HOST' };
    const report = await run([HARDENING, other], {
      silences: { silences: [silenceOf('RD-104', 'OTHER_HOST')], findings: [] },
    });
    expect(report.findings.map(({ subject }) => subject)).toEqual(['MANAGEMENT_HOST']);
    expect(report.silenced.map(({ subject }) => subject)).toEqual(['OTHER_HOST']);
  });

  it('SR-53: silences nothing that may not be silenced, wherever the silence came from', async () => {
    const report = await run([UNUSABLE], { silences: { silences: [silenceOf('RD-029')], findings: [] } });
    expect(weightsOf(report)).toContain('RD-029 error');
    expect(report.silenced).toEqual([]);
  });

  it('of nothing is a finding, unless the check that would tell could not look', async () => {
    const silences = { silences: [silenceOf('RD-104')], findings: [] };
    expect(weightsOf(await run([], { silences }))).toEqual(['RD-128 warning']);
    const checks = [checkOf('away', () => Promise.reject(new NotCheckedError('Away.')))];
    expect(weightsOf(await run([], { silences, checks }))).toEqual([]);
  });

  it('silences no finding about silences', async () => {
    const idle: Finding = { id: 'RD-121', subject: 'entry 1', seen: 'Its id is none.' };
    const report = await run([], { silences: { silences: [silenceOf('RD-121')], findings: [idle] } });
    expect(weightsOf(report)).toContain('RD-121 error');
  });
});

describe('a start', () => {
  it('SR-53: is refused with 78 by an error, and its message tells how to mend it', async () => {
    const report = await run([HARDENING, WARNING]);
    expect(exitCodeOf(report)).toBe(78);
    expect(() => assertFitToStart(report)).toThrow(SelfCheckError);
    const { message } = new SelfCheckError(report);
    expect(message).toMatch(/^The self-check found 1 error; nothing was started\./);
    expect(message).toContain('RD-104  error  MANAGEMENT_HOST');
    expect(message).toContain('docs/findings/RD-104.md');
    expect(message).not.toContain('RD-047');
  });

  it('is not refused by warnings and advice, nor by what could not be checked', async () => {
    const report = await run([], {
      checks: [checkOf('a', () => [WARNING, ADVICE]), checkOf('b', () => Promise.reject(new Error('x')))],
    });
    expect(() => assertFitToStart(report)).not.toThrow();
    expect(exitCodeOf(report)).toBe(0);
  });
});
