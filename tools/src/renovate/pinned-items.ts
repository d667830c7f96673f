import { parseDockerfile } from '../policy/read/dockerfile.ts';
import type { RepositoryFiles } from '../policy/read/repository-files.ts';
import { usesOf, workflowsOf } from '../policy/read/workflow.ts';

/** Something of others that the repository names by a version. */
export interface PinnedItem {
  readonly kind: 'action' | 'image' | 'npm package' | 'Python package' | 'tool' | 'pnpm' | 'Node';
  readonly file: string;
  readonly line: number;
  /** As its registry knows it; empty where the file does not say it. */
  readonly name: string;
  readonly version: string;
}

/** Decisions tell what was true when they were made, the lockfile names versions of others, fixtures name anything. */
const NOT_MOVED = /^docs\/decisions\/|^CHANGELOG\.md$|^pnpm-lock\.yaml$|^tools\/(?:src|test)\//;

/** Where an image may stand on a line; what is put together from variables is judged where those are set. */
const IMAGE_LINE =
  /(?:\bimage: |_IMAGE: ?|_IMAGE=|--from=)["']?(?<name>[a-z0-9][\w./-]*(?::\d+\/[\w./-]+)?):(?<version>[\w.-]+)(?:@sha256:|["']?(?:\s|$))/g;
const TOOL_LINE =
  /^(?:readonly |export )?\w+_VERSION=(?<version>v?\d\S*)|\bgo install (?<name>\S+)@(?<literal>v\d\S+)/g;
const PYTHON_LINE = /^(?<name>[\w.-]+)==(?<version>[\w.!+]+)/g;
const PNPM_CALL = /\bpnpm@(?<version>\d+\.\d+\.\d+)/g;
const NODE_LINE = /^nodeVersion: (?<version>[\d.]+)|\bTESTED_NODE = '(?<literal>[\d.]+)'/g;

/**
 * Every dependency, action, image and tool that the repository names by a version, read from its files without Renovate: what
 * a bot does not see gets old, and nothing says so. Packages of the workspace and `catalog:` are none.
 */
export function pinnedItems(files: RepositoryFiles): readonly PinnedItem[] {
  const moved = files.paths.filter((file) => !NOT_MOVED.test(file));
  const inLines = (kind: PinnedItem['kind'], of: RegExp, pattern: RegExp, name = ''): PinnedItem[] =>
    moved.filter((file) => of.test(file)).flatMap((file) => linesOf(files, kind, file, pattern, name));
  return [
    ...actions(files),
    ...bases(files),
    ...inLines('image', /\.(?:ya?ml|sh)$|Dockerfile$/, IMAGE_LINE),
    ...catalog(files),
    ...inLines('Python package', /(?:^|\/)requirements[\w-]*\.txt$/, PYTHON_LINE),
    ...inLines('tool', /\.sh$|^\.ci\/run$/, TOOL_LINE),
    ...actionInputs(files),
    // The field of the manifest is among the packages.
    ...inLines('pnpm', /^(?!package\.json$)/, PNPM_CALL, 'pnpm'),
    ...inLines('Node', /^pnpm-workspace\.yaml$|\/judge-process\.ts$/, NODE_LINE, 'node'),
  ];
}

function linesOf(
  files: RepositoryFiles,
  kind: PinnedItem['kind'],
  file: string,
  pattern: RegExp,
  name: string,
): PinnedItem[] {
  return files.lines(file).flatMap((text, index) =>
    [...text.matchAll(pattern)].map(({ groups }) => ({
      kind,
      file,
      line: index + 1,
      name: groups?.['name'] ?? name,
      version: groups?.['version'] ?? groups?.['literal'] ?? '',
    })),
  );
}

/** The comment behind the commit names the version. */
function actions(files: RepositoryFiles): PinnedItem[] {
  return workflowsOf(files).flatMap((workflow) =>
    usesOf(workflow)
      .filter(({ text }) => !text.startsWith('./'))
      .map(({ line, text, trailingComment }) => ({
        kind: 'action',
        file: workflow.file,
        line,
        name: text.split('/', 2).join('/').replace(/@.*$/, ''),
        version: trailingComment,
      })),
  );
}

/** What an action installs: an input that is a version. */
function actionInputs(files: RepositoryFiles): PinnedItem[] {
  return workflowsOf(files).flatMap(({ file, jobs }) =>
    jobs
      .flatMap(({ steps }) => steps)
      .flatMap((step) => step.get('with')?.entries() ?? [])
      .filter(([, { text }]) => /^v?\d+\.\d+\.\d+$/.test(text))
      .map(([, { line, text }]) => ({ kind: 'tool', file, line, name: '', version: text })),
  );
}

function bases(files: RepositoryFiles): PinnedItem[] {
  return files.matching(/(?:^|\/)Dockerfile$/).flatMap((file) => {
    const { stages } = parseDockerfile(files.text(file));
    const own = new Set(stages.map(({ name }) => name));
    return stages
      .filter(({ base }) => !own.has(base) && base !== 'scratch')
      .map(({ line, base }) => {
        const [name = '', version = ''] = base.replace(/@.*$/, '').split(/:(?!.*\/)/);
        return { kind: 'image', file, line, name, version };
      });
  });
}

function catalog(files: RepositoryFiles): PinnedItem[] {
  const manager = files.yaml('package.json').get('packageManager');
  const [name = '', version = ''] = manager?.text.split('@') ?? [];
  const entries = files.yaml('pnpm-workspace.yaml').get('catalog')?.entries() ?? [];
  return [
    ...entries.map(([entry, { line, text }]): PinnedItem => ({
      kind: 'npm package',
      file: 'pnpm-workspace.yaml',
      line,
      name: entry,
      version: text,
    })),
    { kind: 'npm package', file: 'package.json', line: manager?.line ?? 1, name, version },
  ];
}
