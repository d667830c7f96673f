import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { platform } from 'node:process';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { logReport, readSilences, runSelfCheck, type SilenceReading } from '../../src/index.ts';
import { parseSilences } from '../../src/self-check/silences/parse-silences.ts';
import { inFolder } from './registry/secret-files.ts';
import { metricsForAll, soundSilence, TODAY_MS } from './registry/silences.ts';

const canary = randomBytes(12).toString('hex');

function parse(...entries: readonly unknown[]): SilenceReading {
  return parseSilences(JSON.stringify(entries), 'FILE', TODAY_MS);
}

function idsOf({ findings }: SilenceReading): readonly string[] {
  return findings.map(({ id }) => id);
}

describe('a silence', () => {
  it('holds with a number, a reason and a last day, and with a subject', () => {
    expect(parse(soundSilence, { ...soundSilence, subject: 'MANAGEMENT_HOST' })).toMatchObject({
      silences: [{ id: 'RD-103', until: '2027-01-31' }, { subject: 'MANAGEMENT_HOST' }],
      findings: [],
    });
  });

  it.each([
    ['RD-123', 'no day', 'soon'],
    ['RD-123', 'a day that is none', '2027-02-30'],
    ['RD-123', 'an instant', '2027-01-31T00:00:00Z'],
    ['RD-123', 'a day of another calendar', '31.01.2027'],
    ['RD-124', 'yesterday', '2026-11-24'],
    ['RD-125', 'a day 91 days ahead', '2027-02-24'],
    ['RD-125', 'a day in the far future', '9999-12-31'],
  ])('SR-53: is refused as %s with %s', (id, _what, until) => {
    expect(idsOf(parse({ ...soundSilence, until }))).toEqual([id]);
    expect(parse({ ...soundSilence, until }).silences).toEqual([]);
  });

  it('holds through its last day and for 90 days', () => {
    expect(idsOf(parse({ ...soundSilence, until: '2026-11-25' }))).toEqual([]);
    expect(idsOf(parse({ ...soundSilence, until: '2027-02-23' }))).toEqual([]);
    const lastInstant = Date.parse('2027-01-31T23:59:59.999Z');
    expect(parseSilences(JSON.stringify([soundSilence]), 'FILE', lastInstant).silences).toHaveLength(1);
    expect(parseSilences(JSON.stringify([soundSilence]), 'FILE', lastInstant + 1).silences).toHaveLength(0);
  });

  it.each([
    ['an empty one', ''],
    ['one of 9 characters', 'too short'],
    ['one of spaces', ' '.repeat(40)],
    ['one of 501 characters', 'x'.repeat(501)],
    ['one of two lines', 'a reason\nand a line of its own'],
    ['one that commands a terminal', '\u001b[2J a reason'],
  ])('SR-53: is refused with %s as its reason', (_what, reason) => {
    expect(parse({ ...soundSilence, reason }).silences).toEqual([]);
  });

  it('takes reasons of 10 and of 500 characters', () => {
    expect(idsOf(parse({ ...soundSilence, reason: 'x'.repeat(10) }))).toEqual([]);
    expect(idsOf(parse({ ...soundSilence, reason: 'x'.repeat(500) }))).toEqual([]);
  });

  it.each([
    null,
    'RD-103',
    ['RD-103'],
    { ...soundSilence, severity: 'advice' },
    { ...soundSilence, subject: '' },
    { ...soundSilence, subject: 7 },
    { ...soundSilence, until: 20270131 },
  ])('SR-53: is refused in another form: %j', (entry) => {
    expect(idsOf(parse(entry))).toEqual(['RD-129']);
  });

  it.each(['RD-103 ', 'rd-103', 'RD-1', '*', 'constructor', '__proto__'])('SR-53: is refused of %j', (id) => {
    expect(idsOf(parse({ ...soundSilence, id }))).toEqual(['RD-121']);
  });

  it('SR-53: is refused of what may not be silenced, and the second time of the same', () => {
    expect(idsOf(parse({ ...soundSilence, id: 'RD-029' }))).toEqual(['RD-126']);
    expect(idsOf(parse(soundSilence, soundSilence))).toEqual(['RD-127']);
    expect(parse(soundSilence, soundSilence).silences).toHaveLength(1);
  });

  it('tells each fault of each entry with its place, and quotes nothing', () => {
    const reading = parse(soundSilence, { id: canary, reason: canary.slice(0, 9), until: canary });
    expect(idsOf(reading)).toEqual(['RD-121', 'RD-122', 'RD-123']);
    expect(reading.findings.every(({ subject }) => subject === 'FILE, entry 2')).toBe(true);
    expect(inspect(reading.findings)).not.toContain(canary.slice(0, 9));
  });
});

describe('the file of silences', () => {
  async function findingsOf(write: (path: string) => Promise<unknown>): Promise<readonly string[]> {
    return inFolder(async (folder) => {
      const path = join(folder, canary);
      await write(path);
      const reading = await readSilences(path, () => TODAY_MS);
      expect(reading.silences).toEqual([]);
      expect(inspect(reading)).not.toContain(canary);
      return reading.findings.map(({ id, seen }) => `${id} ${seen}`);
    });
  }

  it('is not needed', async () => {
    expect(await readSilences(undefined, () => TODAY_MS)).toEqual({ silences: [], findings: [] });
  });

  it.each([
    ['absent', () => Promise.resolve(), 'RD-120 The file cannot be read.'],
    ['a directory', (path: string) => mkdir(path), 'RD-120 It is no regular file.'],
    ['no JSON', (path: string) => writeFile(path, `{${canary}`), 'RD-120 It is no JSON list.'],
    ['an object', (path: string) => writeFile(path, '{"id":"RD-103"}'), 'RD-120 It is no JSON list.'],
    ['too large', (path: string) => writeFile(path, ' '.repeat(65_537)), 'RD-120 The file is larger than 64 KiB.'],
  ])('SR-53: is a finding when it is %s', async (_what, write, finding) => {
    expect(await findingsOf(write)).toEqual([finding]);
  });

  it.skipIf(platform === 'win32')(
    'SR-53: is a finding when everybody can write silences, or when it is a pipe',
    async () => {
      const open = async (path: string): Promise<void> => {
        await writeFile(path, JSON.stringify([soundSilence]));
        await chmod(path, 0o666);
      };
      expect(await findingsOf(open)).toEqual(['RD-120 Everybody on the machine can change it.']);
      const pipe = (path: string): Promise<unknown> => Promise.resolve(execFileSync('/usr/bin/mkfifo', [path]));
      expect(await findingsOf(pipe)).toEqual(['RD-120 It is no regular file.']);
    },
  );
});

describe('the log of a start', () => {
  it('SR-53: has each silence with its reason and its last day', async () => {
    const lines: unknown[] = [];
    const silences = parse({ ...soundSilence, subject: 'MANAGEMENT_HOST' });
    const report = await runSelfCheck({
      checks: [
        metricsForAll,
        { area: 'database', name: 'its role', run: () => Promise.reject(new Error('x')) },
        { area: 'secrets', name: 'ages', run: () => [{ id: 'RD-047', subject: 'TLS_KEY', seen: 'It is old.' }] },
      ],
      silences,
      mode: 'production',
      now: () => TODAY_MS,
    });
    const write = (record: object, message: string): unknown => lines.push({ ...record, message });
    logReport(report, { info: write, warn: write });
    expect(lines).toEqual([
      {
        finding: 'RD-047',
        subject: 'TLS_KEY',
        seen: 'It is old.',
        page: 'docs/findings/RD-047.md',
        message: 'the self-check warns',
      },
      {
        finding: 'RD-103',
        subject: 'MANAGEMENT_HOST',
        reason: soundSilence.reason,
        until: '2027-01-31',
        message: 'a finding of the self-check is silenced',
      },
      { area: 'database', check: 'its role', reason: 'The check failed: Error.', message: 'a check could not be made' },
      { warnings: 1, silenced: 1, passed: 0, notChecked: 1, message: 'the self-check is done' },
    ]);
  });
});
