import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finding, readSilences, runSelfCheck, type SelfCheck } from '../../../src/index.ts';
import { type BadConfiguration, type BadConfigurations, canary } from './bad-configuration.ts';
import { inFolder } from './secret-files.ts';

/** The day on which the silences of the tests are read. */
export const TODAY_MS = Date.parse('2026-11-25T12:00:00Z');

/** A silence that holds. */
export const soundSilence = { id: 'RD-103', reason: `closed by policy ${canary}`, until: '2027-01-31' };

/** Finds what the sound silence silences. */
export const metricsForAll: SelfCheck = {
  area: 'network',
  name: 'the management listener',
  run: () => [{ id: 'RD-103', subject: 'MANAGEMENT_HOST', seen: 'It is every address of the machine.' }],
};

/** What a self-check finds beside a file of silences with this content. */
function findingsBeside(text: string, checks: readonly SelfCheck[] = [metricsForAll]): Promise<readonly Finding[]> {
  return inFolder(async (folder) => {
    const path = join(folder, 'silences.json');
    await writeFile(path, text);
    const silences = await readSilences(path, () => TODAY_MS);
    const report = await runSelfCheck({ checks, silences, mode: 'production', now: () => TODAY_MS });
    return report.findings;
  });
}

/** Silences that are bad, beside the same ones mended. */
function silences(what: string, ...bad: readonly object[]): BadConfiguration {
  return {
    what,
    bad: () => findingsBeside(JSON.stringify(bad)),
    mended: () => findingsBeside(JSON.stringify([soundSilence])),
  };
}

const { id, reason, until } = soundSilence;

/** RD-120 to RD-129. */
export const badSilences: BadConfigurations = {
  'RD-120': {
    what: 'a file that is no JSON',
    bad: () => findingsBeside(`{ ${canary}`),
    mended: () => findingsBeside('[]'),
  },
  'RD-121': silences('a number that is none', { id: `RD-${canary}`, reason, until }),
  'RD-122': silences('no reason', { id, until }),
  'RD-123': silences('no last day', { id, reason }),
  'RD-124': silences('a last day that was yesterday', { id, reason, until: '2026-11-24' }),
  'RD-125': silences('a last day 91 days ahead', { id, reason, until: '2027-02-24' }),
  'RD-126': silences('a sample secret that shall pass', { id: 'RD-045', reason, until }),
  'RD-127': silences('one finding twice', soundSilence, { ...soundSilence, until: '2027-02-01' }),
  'RD-128': {
    what: 'a silence of nothing',
    bad: () => findingsBeside(JSON.stringify([soundSilence]), []),
    mended: () => findingsBeside(JSON.stringify([soundSilence])),
  },
  'RD-129': silences('a field that is not known', { ...soundSilence, untill: canary }),
};
