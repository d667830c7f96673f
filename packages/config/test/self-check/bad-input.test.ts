import { randomBytes } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { platform } from 'node:process';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { Type } from '@sinclair/typebox';
import { createSecretSources } from '@redoubt/secrets';
import { describe, expect, it } from 'vitest';
import {
  createSecretReader,
  defineSettings,
  loadSettings,
  renderReport,
  reportDocument,
  runSelfCheck,
  secretChecks,
  secretReferenceSetting,
  type SelfCheckReport,
  SettingsError,
  settingsFaultsCheck,
} from '../../src/index.ts';
import { sampleValuesIn } from '../../src/self-check/sample-values/repository-samples.ts';
import { inFolder, writeSecret } from './registry/secret-files.ts';

/** Stands in every value, and is a file name: neither a value nor a path may come out. */
const canary = `c${randomBytes(12).toString('hex')}`;
const value = `${canary}${randomBytes(24).toString('hex')}`;

const definition = defineSettings({
  prefix: 'EXAMPLE_',
  schema: Type.Object({ DATABASE_PASSWORD: secretReferenceSetting({ description: 'A password' }) }),
});

/** From the environment to the report, as a service does it: settings, then secrets. */
async function check(text: string): Promise<SelfCheckReport> {
  const now = (): number => Date.parse('2026-11-25T12:00:00Z');
  try {
    const { NODE_ENV: mode, DATABASE_PASSWORD } = loadSettings(definition, { DATABASE_PASSWORD: text });
    const checks = secretChecks([{ setting: 'DATABASE_PASSWORD', kind: 'password', reference: DATABASE_PASSWORD }], {
      read: createSecretReader(createSecretSources({ environment: {}, mode })),
      loadSampleValues: () => Promise.resolve(sampleValuesIn([`password: sample-${value}`])),
      now,
    });
    return await runSelfCheck({ checks, mode, now });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    expect(error.message).not.toContain(canary);
    return runSelfCheck({ checks: [settingsFaultsCheck(error)], mode: 'production', now });
  }
}

function reference(path: string): string {
  return pathToFileURL(path).href;
}

/** Each bad input makes what the setting says, in a folder of its own. */
const badInputs: Record<string, [write: (folder: string) => Promise<string> | string, id: string]> = {
  'a reference with an unknown scheme': [() => `plain://${value}`, 'RD-021'],
  'a reference without its field': [() => `vault://secret/${canary}`, 'RD-023'],
  'an empty value': [() => '', 'RD-002'],
  'an empty file': [async (folder) => reference(await writeSecret(folder, '\n')), 'RD-030'],
  'a sample of the repository': [async (folder) => reference(await writeSecret(folder, `sample-${value}`)), 'RD-045'],
  '31 bytes': [async (folder) => reference(await writeSecret(folder, value.slice(0, 31))), 'RD-042'],
  'a loop of links': [
    async (folder) => {
      await symlink(join(folder, canary), join(folder, canary));
      return reference(join(folder, canary));
    },
    'RD-028',
  ],
  'a directory': [
    async (folder) => {
      await mkdir(join(folder, canary));
      return reference(join(folder, canary));
    },
    'RD-027',
  ],
  'a file that is not there': [(folder) => reference(join(folder, canary)), 'RD-025'],
  'the secret itself': [() => value, 'RD-020'],
};

if (platform !== 'win32')
  badInputs['a file that everybody reads'] = [
    async (folder) => reference(await writeSecret(folder, value, 0o404)),
    'RD-029',
  ];

describe('a bad secret', () => {
  for (const [what, [write, id]] of Object.entries(badInputs)) {
    it(`SR-51: ${what} is ${id}, names the setting, stops a start and shows no value`, async () => {
      const report = await inFolder(async (folder) => check(await write(folder)));
      expect(report.findings).toMatchObject([{ id, subject: 'DATABASE_PASSWORD', severity: 'error' }]);
      const shown = [renderReport(report, 'on'), JSON.stringify(reportDocument(report)), inspect(report, { depth: 9 })];
      expect(shown.join('\n')).not.toContain(canary);
    });
  }

  it('SR-51: one of 32 bytes that stands nowhere is none', async () => {
    const report = await inFolder(async (folder) => {
      const path = join(folder, canary);
      await writeFile(path, value.slice(-32), { mode: 0o400 });
      return check(reference(path));
    });
    expect(report.findings).toEqual([]);
    expect(report.notChecked).toEqual([]);
    expect(report.passed).toHaveLength(3);
  });
});
