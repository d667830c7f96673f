import { formsOf } from './name-forms.ts';
import type { RegionName } from './marked-regions.ts';
import { planFreshStart } from './fresh-start.ts';
import { type FileChange, isKept, LOCKFILE, planFiles, type ProjectFile, textOf } from './plan-setup.ts';
import { areSameNames, type ProjectNames } from './project-names.ts';
import type { SetupAnswers } from './questions.ts';
import { hasName } from './renamer.ts';
import { SetupError } from './setup-error.ts';
import { isSameRecord, renderRecord, TEMPLATE_FILE, type TemplateRecord } from './template-record.ts';
import { Buffer } from 'node:buffer';

/** Where the working tree stands in its history. */
export interface Position {
  readonly commit: string;
  readonly tree: string;
  readonly version: string;
}

/** Everything that a setup changes, in memory. Nothing, when the project is as it is asked for already. */
export function planSetup(
  files: readonly ProjectFile[],
  record: TemplateRecord,
  answers: SetupAnswers,
  position: Position,
): readonly FileChange[] {
  const { names: to } = answers;
  const { names: from } = record;
  const isFirst = record.template === undefined;
  assertPossible(files, record, answers);
  const removesExample = answers.example === 'remove' && record.example.state === 'kept';
  const regions: RegionName[] = [
    ...(isFirst ? ['template-only' as const] : []),
    ...(removesExample ? ['example-domain' as const] : []),
  ];
  const planned = planFiles(files, { from, to, regions, removed: removesExample ? record.example.paths : [] });
  const all = isFirst ? planFreshStart(files, planned, to.name) : planned;
  const next = nextRecord(files, record, answers, position);
  if (isSameRecord(record, next)) return all;
  const bytes = Buffer.from(renderRecord(next));
  return [...all, { path: TEMPLATE_FILE, target: TEMPLATE_FILE, bytes, count: 1 }];
}

function nextRecord(
  files: readonly ProjectFile[],
  record: TemplateRecord,
  { names: to, example, templateUrl }: SetupAnswers,
  position: Position,
): TemplateRecord {
  const { names: from } = record;
  const isRenamed = !areSameNames(from, to);
  return {
    template:
      record.template === undefined
        ? { names: from, repository: templateUrl, ...position }
        : { ...record.template, repository: templateUrl },
    names: to,
    example: { ...record.example, state: example === 'remove' ? 'removed' : record.example.state },
    renames: isRenamed ? [...record.renames, { from, to }] : record.renames,
    ambiguous: isRenamed ? ambiguousNames(files, from, to) : record.ambiguous,
  };
}

/** Which of the new names stand in the files already, and are no names of this project. */
function ambiguousNames(
  files: readonly ProjectFile[],
  from: ProjectNames,
  to: ProjectNames,
): TemplateRecord['ambiguous'] {
  const texts = files.flatMap(({ path, bytes }) => (isKept(path) ? [] : [textOf(bytes) ?? '']));
  return (['name', 'domain'] as const).filter(
    (kind) => from[kind] !== to[kind] && texts.some((text) => hasName(text, to, kind)),
  );
}

/**
 * @throws {SetupError} for names that would mix with others: a prefix of settings that has settings already, names that
 *   cannot be told apart any more, an example that is gone.
 */
function assertPossible(
  files: readonly ProjectFile[],
  record: TemplateRecord,
  { names: to, example }: SetupAnswers,
): void {
  const { names: from, ambiguous } = record;
  const mixed = ambiguous.filter((kind) => from[kind] !== to[kind]);
  if (mixed.length > 0)
    throw new SetupError(
      `${mixed.map((kind) => `"${from[kind]}"`).join(' and ')} meant something else in these files before the project was called so, and a second renaming would change that too: go back to the commit before the first one, and begin there`,
    );
  const hasSplitOwners = to.owner !== to.securityOwner;
  if (from.owner === from.securityOwner && hasSplitOwners)
    throw new SetupError('CODEOWNERS names one owner for everything: give parts of it to another one there, by hand');
  if (from.name !== to.name) assertFreePrefix(files, to);
  if (from.scope !== to.scope) assertFreeScope(files, to);
  if (example === 'keep' && record.example.state === 'removed')
    throw new SetupError('the example was removed: git has it');
}

/** A service refuses every variable that begins with its prefix and is no setting of it. */
function assertFreePrefix(files: readonly ProjectFile[], { name }: ProjectNames): void {
  const prefix = `${formsOf(name).upperSnake}_`;
  const pattern = new RegExp(String.raw`(?<![A-Za-z0-9_])${prefix}[A-Z]`);
  const using = files.find(({ path, bytes }) => !isKept(path) && pattern.test(textOf(bytes) ?? ''));
  if (using !== undefined)
    throw new SetupError(`--name: variables that begin with ${prefix} mean something already (${using.path})`);
}

/** Packages of others have the scope: in imports nobody could tell whose a package is. */
function assertFreeScope(files: readonly ProjectFile[], to: ProjectNames): void {
  const lockfile = files.find(({ path }) => path === LOCKFILE);
  if (hasName(textOf(lockfile?.bytes ?? Buffer.of()) ?? '', to, 'scope'))
    throw new SetupError(`--scope: packages of others are in ${to.scope} (${LOCKFILE})`);
}
