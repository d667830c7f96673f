import { inFile, type Fault, type LocalFault, type PolicyInput, type PolicyRule } from '../policy-rule.ts';
import type { YamlView } from '../read/yaml-view.ts';

const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Scripts that somebody's install or publication runs without being asked, and those that pnpm runs around another. */
const LIFECYCLE = /^(?:(?:pre|post)?(?:install|prepare|pack|publish|version|restart)|prepublishOnly|dependencies)$/;

/** Fields that other package managers, or an older pnpm, read: pnpm 12 ignores them without a word. */
const IGNORED_FIELDS = [
  'pnpm',
  'resolutions',
  'overrides',
  'workspaces',
  'bundleDependencies',
  'bundledDependencies',
] as const;

/** The manifests of the workspace: the root's, and one for each package. */
function manifestsOf({ files }: PolicyInput): { file: string; view: YamlView }[] {
  return files.matching(/(?:^|\/)package\.json$/).map((file) => ({ file, view: files.yaml(file) }));
}

function everyManifest(input: PolicyInput, judge: (view: YamlView, file: string) => LocalFault[]): Fault[] {
  return manifestsOf(input).flatMap(({ file, view }) => inFile(file, judge(view, file)));
}

/** Rules about package.json files. */
export const manifestRules: readonly PolicyRule[] = [
  {
    id: 'P-301',
    title: 'A dependency is `catalog:`, or `workspace:*` for a package of this repository',
    requirement: 'SR-66',
    reason:
      'A literal version is a second place for one; git, tarball, file and alias specifiers go around the registry, its waiting time and its signatures. `catalogMode: strict` stops none of them in a manifest.',
    fix: 'write the version into the catalog of pnpm-workspace.yaml, and `catalog:` here',
    check(input) {
      const own = new Set(manifestsOf(input).map(({ view }) => view.get('name')?.text));
      return everyManifest(input, (view) =>
        DEPENDENCY_FIELDS.flatMap((field) => view.get(field)?.entries() ?? [])
          .filter(([name, { text }]) => text !== (own.has(name) ? 'workspace:*' : 'catalog:'))
          .map(([name, { line, text }]) => ({ line, message: `${name}: ${text}` })),
      );
    },
  },
  {
    id: 'P-302',
    title: 'No script runs without being asked for',
    requirement: 'SR-66',
    reason:
      'A script of the life cycle runs on every machine that installs; pnpm runs a `pre` and a `post` around the script that somebody named.',
    fix: 'give it a name of its own, and call it where it is needed',
    check: (input) =>
      everyManifest(input, (view) =>
        (view.get('scripts')?.entries() ?? [])
          .filter(([name], _, scripts) => LIFECYCLE.test(name) || isAround(name, scripts))
          .map(([name, { line }]) => ({ line, message: `the script ${name} runs by itself` })),
      ),
  },
  {
    id: 'P-303',
    title: 'No package can be published by mistake',
    requirement: 'SR-66',
    reason: 'Sources, tests and names of systems inside would be on the registry for ever.',
    fix: 'write `"private": true`',
    check: (input) =>
      everyManifest(input, (view) =>
        view.get('private')?.value === true
          ? []
          : [{ line: view.get('private')?.line ?? 1, message: 'it is not private' }],
      ),
  },
  {
    id: 'P-304',
    title: 'The root names pnpm by one version, and refuses other majors of Node and pnpm',
    requirement: 'SR-66',
    reason:
      'Other package managers read neither the settings nor the lockfile. With `packageManager` Yarn refuses; npm does at `catalog:` (P-301). devEngines would stop npx as well, which starts pnpm.',
    fix: 'write `packageManager: pnpm@x.y.z`, `engines.pnpm: ">=x.y.z <x+1"`, `engines.node: ">=n <n+1"`, and no devEngines',
    check: (input) => (input.files.has('package.json') ? rootFaults(input.files.yaml('package.json')) : []),
  },
  {
    id: 'P-307',
    title: 'No manifest holds a setting that pnpm would ignore',
    requirement: 'SR-66',
    reason: 'An override or a patch that stands there looks like a control and is none.',
    fix: 'move it to pnpm-workspace.yaml',
    check: (input) =>
      everyManifest(input, (view) =>
        IGNORED_FIELDS.flatMap((field) => {
          const found = view.get(field);
          return found === undefined ? [] : [{ line: found.line, message: `${field} is ignored here` }];
        }),
      ),
  },
];

/** Whether pnpm would run the script with another one of the manifest: `pretest` with `test`. */
function isAround(name: string, scripts: readonly (readonly [string, YamlView])[]): boolean {
  return scripts.some(([other]) => name === `pre${other}` || name === `post${other}`);
}

function rootFaults(view: YamlView): Fault[] {
  const manager = /^pnpm@(?<version>(?<major>\d+)\.\d+\.\d+)$/.exec(view.get('packageManager')?.text ?? '')?.groups;
  const { version = '', major = '0' } = manager ?? {};
  const at = (key: string, message: string): Fault => ({
    file: 'package.json',
    line: view.get(key)?.line ?? 1,
    message,
  });
  const pnpm = view.get('engines', 'pnpm')?.text;
  const node = /^>=(?<major>\d+) <(?<next>\d+)$/.exec(view.get('engines', 'node')?.text ?? '')?.groups;
  return [
    ...(manager === undefined ? [at('packageManager', 'packageManager is no exact version of pnpm')] : []),
    ...(pnpm === `>=${version} <${Number(major) + 1}`
      ? []
      : [at('engines', `engines.pnpm does not begin at ${version}`)]),
    ...(Number(node?.['next']) === Number(node?.['major']) + 1 ? [] : [at('engines', 'engines.node is not one major')]),
    ...(view.get('devEngines') === undefined ? [] : [at('devEngines', 'devEngines stops npx, and with it pnpm')]),
  ];
}
