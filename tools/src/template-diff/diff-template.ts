import { join } from 'node:path';

import { runGit } from '../setup/git.ts';
import type { RegionName } from '../setup/marked-regions.ts';
import type { SetupPlan } from '../setup/plan-setup.ts';
import { createRenamer } from '../setup/renamer.ts';
import { SetupError } from '../setup/setup-error.ts';
import { parseRecord, TEMPLATE_FILE, type TemplateRecord } from '../setup/template-record.ts';
import { type FormatFolder, writeNamedTree } from './named-tree.ts';
import { isSecurityChange, type TemplateChange } from './template-change.ts';
import { TemplateRepository } from './template-repository.ts';

/** What a clone takes over as a patch; the rest it has made its own. */
export const PATCHED = ['packages', 'docker', 'nginx', '.github'] as const;

/** Which changes are looked at. */
export interface DiffRange {
  readonly since?: string | undefined;
  readonly to?: string | undefined;
}

/** What the template has changed. */
export interface TemplateDiff {
  readonly since: string;
  readonly to: string;
  readonly security: readonly TemplateChange[];
  readonly others: readonly TemplateChange[];
}

/** A template that was fetched, and what was changed in it. */
export interface FetchedDiff extends TemplateDiff {
  readonly repository: TemplateRepository;
}

/**
 * Fetches the template, and finds what it has changed since a clone was made, or in another range.
 *
 * @throws {SetupError} in the template itself, when it cannot be fetched, and for a revision that it does not have.
 */
export function findChanges(root: string, { template }: TemplateRecord, range: DiffRange): FetchedDiff {
  if (template === undefined)
    throw new SetupError('this is the template itself: pnpm setup:project makes a project of a clone');
  const repository = new TemplateRepository(join(root, '.local', 'template.git'));
  repository.fetch(template.repository);
  const since = range.since === undefined ? repository.find(template) : repository.resolve(range.since);
  const to = repository.resolve(range.to);
  const changes = repository.changes(since, to);
  const { security = [], others = [] } = Object.groupBy(changes, (change) =>
    isSecurityChange(change) ? 'security' : 'others',
  );
  return { repository, since, to, security, others };
}

/** The patch, in the names and the format of the clone; files that security changes touch come first. */
export async function makePatch(
  root: string,
  record: TemplateRecord,
  { repository, since, to, security }: FetchedDiff,
  format: FormatFolder,
): Promise<string> {
  const treeAt = (commit: string) =>
    writeNamedTree(root, repository.files(commit, PATCHED), planAt(repository, commit, record), format);
  const trees = [await treeAt(since), await treeAt(to)];
  const options = [
    '--full-index',
    '--binary',
    '--no-renames',
    '--no-ext-diff',
    '--no-color',
    '--src-prefix=a/',
    '--dst-prefix=b/',
  ];
  const diff = (...paths: readonly string[]) =>
    runGit({ cwd: root }, ['--literal-pathspecs', 'diff', ...options, ...trees, '--', ...paths]).toString('utf8');
  const rename = createRenamer(namesAt(repository, to, record), record.names);
  const urgent = new Set(security.flatMap(({ paths }) => paths.map((path) => rename(path).text)));
  const changed = runGit({ cwd: root }, ['diff', '--name-only', '-z', '--no-renames', ...trees]).toString('utf8');
  const { first = [], last = [] } = Object.groupBy(
    changed.split('\0').filter((path) => path !== ''),
    (path) => (urgent.has(path) ? 'first' : 'last'),
  );
  return [first, last].map((paths) => (paths.length === 0 ? '' : diff(...paths))).join('');
}

/** What makes a clone's file of one of the template, as the first setup did. */
function planAt(repository: TemplateRepository, commit: string, record: TemplateRecord): SetupPlan {
  const { state, paths } = record.example;
  const regions: RegionName[] = ['template-only', ...(state === 'removed' ? (['example-domain'] as const) : [])];
  const from = namesAt(repository, commit, record);
  return { from, to: record.names, regions, removed: state === 'removed' ? paths : [] };
}

/** The template may be called otherwise by now; before it had a record, it was called what the clone remembers. */
function namesAt(repository: TemplateRepository, commit: string, { template, names }: TemplateRecord) {
  const [file] = repository.files(commit, [TEMPLATE_FILE]);
  return file === undefined ? (template?.names ?? names) : parseRecord(file.bytes.toString('utf8')).names;
}

/** The record of a clone that has taken over everything up to a commit of the template. */
export function markTaken(record: TemplateRecord, repository: TemplateRepository, revision: string): TemplateRecord {
  if (record.template === undefined) throw new SetupError('this is the template itself');
  const commit = repository.resolve(revision);
  const [manifest] = repository.files(commit, ['package.json']);
  const { version = record.template.version } = JSON.parse(manifest?.bytes.toString('utf8') ?? '{}') as {
    version?: string;
  };
  return { ...record, template: { ...record.template, commit, tree: repository.treeOf(commit), version } };
}
