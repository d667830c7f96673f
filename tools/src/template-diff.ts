/**
 * `pnpm template:diff`: what the template has changed since this clone was made, as a patch in the clone's names for
 * `git apply --3way` (docs/guides/start-a-project.md). `--list` tells the changes alone, security first; `--output` names a
 * file for the patch; `--since` and `--to` another range; `--mark` remembers the commit up to which all was taken over.
 * Exits 1 when it cannot be done.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { runStep } from './run-step.ts';
import { SetupError } from './setup/setup-error.ts';
import { parseRecord, renderRecord, TEMPLATE_FILE, type TemplateRecord } from './setup/template-record.ts';
import { changeList } from './template-diff/change-list.ts';
import { findChanges, makePatch, markTaken } from './template-diff/diff-template.ts';

const root = join(import.meta.dirname, '..', '..');

const options = {
  list: { type: 'boolean', default: false },
  output: { type: 'string' },
  since: { type: 'string' },
  to: { type: 'string' },
  mark: { type: 'string' },
} as const;

/** With the clone's own settings, whose patterns begin where they lie: those of the template say how the template looks. */
async function format(folder: string): Promise<void> {
  const config = join(folder, '.oxfmtrc.json');
  copyFileSync(join(root, '.oxfmtrc.json'), config);
  const { passed, output } = await runStep('format', ['oxfmt', '--config', config, folder]);
  if (!passed) throw new SetupError(`the files of the template cannot be formatted: ${output.trim()}`);
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options });
  const record: TemplateRecord = parseRecord(readFileSync(join(root, TEMPLATE_FILE), 'utf8'));
  const found = findChanges(root, record, values);
  if (values.mark !== undefined) {
    writeFileSync(join(root, TEMPLATE_FILE), renderRecord(markTaken(record, found.repository, values.mark)));
    await runStep('format', ['oxfmt', join(root, TEMPLATE_FILE)]);
    console.log(`taken over up to ${values.mark}: commit ${TEMPLATE_FILE}`);
    return;
  }
  const list = changeList(found);
  if (values.list) {
    console.log(list);
    return;
  }
  const patch = `${list}\n${await makePatch(root, record, found, format)}`;
  if (values.output === undefined) {
    process.stdout.write(patch);
    return;
  }
  writeFileSync(values.output, patch);
  console.log(`${list}\ngit apply --3way ${values.output}`);
}

try {
  await run();
} catch (error) {
  const isWrongCall = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (!isWrongCall && !(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
