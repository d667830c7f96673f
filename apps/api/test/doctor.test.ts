import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type ReportDocument, reportSchema } from '@redoubt/config';
import { startChild } from '@redoubt/testing';
import { Value } from '@sinclair/typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const doctor = join(import.meta.dirname, '..', 'src', 'doctor.ts');

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'doctor-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function examine(environment: Record<string, string>, ...args: string[]) {
  const child = startChild(doctor, { LOCAL_DIRECTORY: directory, ...environment }, args);
  return { code: await child.exited, output: child.output() };
}

async function documentOf(environment: Record<string, string>): Promise<ReportDocument> {
  const { output } = await examine(environment, '--json');
  const document: unknown = JSON.parse(output);
  if (!Value.Check(reportSchema, document)) throw new Error(`not a report: ${output}`);
  return document;
}

/** A file that anybody may read, with a secret that is too short. */
async function weakSecret(): Promise<string> {
  const path = join(directory, 'weak');
  await writeFile(path, 'c4n4ry', { mode: 0o644 });
  return pathToFileURL(path).href;
}

describe('pnpm run doctor', () => {
  it('SR-53: finds no error in a development start, and says so to people and machines', async () => {
    const { code, output } = await examine({});
    expect(code).toBe(0);
    expect(output).toContain('Self-check under the rules of development: 0 errors');
    expect(await documentOf({})).toMatchObject({ version: 1, mode: 'development', exitCode: 0 });
  });

  it('SR-53: lists every fault of settings that production would not start with, and ends with 78', async () => {
    const { code, output } = await examine({ NODE_ENV: 'production', PUBLIC_URL: 'http://c4n4ry.example' });
    expect(code).toBe(78);
    for (const text of ['RD-007', 'PUBLIC_URL', 'SIGNING_KEY', 'DATABASE_URL', 'docs/findings/RD-007.md'])
      expect(output).toContain(text);
    expect(output).not.toContain('c4n4ry');
  });

  it('SR-51: names the setting whose secret is open to others, and shows nothing of it', async () => {
    const { findings, exitCode } = await documentOf({ MAIL_PASSWORD: await weakSecret() });
    expect(findings.find(({ subject }) => subject === 'MAIL_PASSWORD')).toMatchObject({
      id: 'RD-029',
      area: 'secrets',
    });
    expect(exitCode).toBe(78);
    expect(JSON.stringify(findings)).not.toContain('c4n4ry');
  });

  it('does not call a server sound that it could not ask', async () => {
    const url = 'postgres://app_runtime@127.0.0.1:1/service';
    const { notChecked } = await documentOf({ DATABASE_URL: url, VALKEY_URL: 'redis://127.0.0.1:1' });
    expect(notChecked.map(({ area }) => area)).toEqual(expect.arrayContaining(['database', 'shared store']));
  });
});
