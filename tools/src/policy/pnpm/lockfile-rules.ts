import type { Fault, PolicyRule } from '../policy-rule.ts';
import type { YamlView } from '../read/yaml-view.ts';
import { PEERS_DIRECTORY, WORKSPACE_FILE } from './workspace-rules.ts';

const LOCKFILE = 'pnpm-lock.yaml';

/** What the benchmark measures against has a workspace of its own, held to the same rules (docs/decisions/030-benchmark.md). */
const PEERS_LOCKFILE = `${PEERS_DIRECTORY}/${LOCKFILE}`;

/** The format that pnpm 12 writes: another one was written by another pnpm. */
const LOCKFILE_VERSION = '9.0';

const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

const OTHER_LOCKFILES = /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|bun\.lockb?|deno\.lock)$/;
const CLIENT_FILES = /(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.yml)?|bunfig\.toml|\.netrc|\.pypirc|pip\.conf)$/;

/** A requirement of pip: one version, a condition at most, and hashes to the end. */
const HASHED = /^[\w.[\]-]+==[\w.!+]+(?: *;[^#]*?)?(?: +--hash=sha256:[0-9a-f]{64})+$/;

/** Names of public registries and their mirrors, and settings that name one. */
const REGISTRY = new RegExp(
  [
    String.raw`\bregistry\.(?:npmjs|yarnpkg|npmmirror)\.`,
    String.raw`\bnpm\.pkg\.(?:github|dev)\b`,
    String.raw`\b(?:files\.pythonhosted|pypi|proxy\.golang|repo1?\.maven|index\.crates|static\.crates)\.(?:org|io)\b`,
    String.raw`(?:^|\s)(?:@[\w-]+:)?registry\s*[=:]\s*["']?https?:`,
    String.raw`--(?:registry|index-url|extra-index-url)[= ]\s*["']?https?:`,
  ].join('|'),
  'i',
);

/** Rules about what is installed, and from where. */
export const lockfileRules: readonly PolicyRule[] = [
  {
    id: 'P-207',
    title: 'Every package of the lockfile is a release of the registry, held by its SHA-512',
    requirement: 'SR-66',
    reason: 'Git and tarball addresses answer with what they have today, and a weaker hash can be met twice.',
    fix: 'name a release in the catalog, and run `pnpm install`',
    check: ({ files }) => [
      ...(files.has(LOCKFILE)
        ? lockfileFaults(LOCKFILE, files.yaml(LOCKFILE))
        : [at(LOCKFILE, 1, 'the file is missing')]),
      ...(files.has(PEERS_LOCKFILE) ? lockfileFaults(PEERS_LOCKFILE, files.yaml(PEERS_LOCKFILE)) : []),
    ],
  },
  {
    id: 'P-208',
    title: 'There is one lockfile, that of pnpm, at the root; the peers of the benchmark have their own',
    requirement: 'SR-66',
    reason:
      'With a second one, two people install two different trees, and only one is scanned. What the benchmark measures against must not be in the tree of a service.',
    fix: 'remove it; `npx -y pnpm@<version> install` needs no other',
    check: ({ files }) =>
      files
        .matching(OTHER_LOCKFILES)
        .concat(files.matching(/\/pnpm-(?:lock|workspace)\.yaml$/).filter((file) => !isOfPeers(file)))
        .map((file) => ({ file, line: 1, message: 'a second lockfile, or a workspace in a workspace' })),
  },
  {
    id: 'P-209',
    title: 'No file of credentials for a registry is tracked',
    requirement: 'SR-51',
    reason: 'It is where tokens are written to, and it would override the settings of the workspace.',
    fix: 'take it out of git and out of the history; write settings into pnpm-workspace.yaml',
    check: ({ files }) => files.matching(CLIENT_FILES).map((file) => ({ file, line: 1, message: 'it is tracked' })),
  },
  {
    id: 'P-210',
    title: 'No file names a registry of packages',
    requirement: 'SR-66',
    reason:
      'Which registry is asked belongs to the machine: a name in a file sends everybody past the proxy that scans.',
    fix: 'leave the registry to the configuration of the machine',
    check: ({ files }) =>
      files
        .matching(/^/)
        .filter((file) => REGISTRY.test(files.text(file)) || /^\s+tarball:/m.test(lockfileText(file, files.text(file))))
        .flatMap((file) => registryLines(file, files.lines(file))),
  },
  {
    id: 'P-211',
    title: 'Every Python package has an exact version and hashes',
    requirement: 'SR-66',
    reason: 'pip takes the newest release that fits, also one that was published a minute ago.',
    fix: 'write `name==1.2.3 --hash=sha256:…`',
    check: ({ files }) =>
      files.matching(/(?:^|\/)requirements[\w-]*\.txt$/).flatMap((file) =>
        requirementsOf(files.lines(file))
          .filter(({ text }) => !HASHED.test(text))
          .map(({ line, text }) => ({ file, line, message: `${text.split(/[\s;]/)[0] ?? ''} is not held by a hash` })),
      ),
  },
];

function lockfileText(file: string, text: string): string {
  return file === LOCKFILE || file === PEERS_LOCKFILE ? text : '';
}

function at(file: string, line: number, message: string): Fault {
  return { file, line, message };
}

function isOfPeers(file: string): boolean {
  return file === PEERS_LOCKFILE || file === `${PEERS_DIRECTORY}/${WORKSPACE_FILE}`;
}

function lockfileFaults(file: string, view: YamlView): Fault[] {
  const version = view.get('lockfileVersion');
  return [
    ...(version?.text === LOCKFILE_VERSION
      ? []
      : [at(file, version?.line ?? 1, `it is not of version ${LOCKFILE_VERSION}`)]),
    ...(view.get('packages')?.entries() ?? []).flatMap(([name, entry]) => packageFaults(file, name, entry)),
  ];
}

function packageFaults(file: string, name: string, entry: YamlView): Fault[] {
  const resolution = entry.get('resolution');
  const keys = resolution?.entries().map(([key]) => key) ?? [];
  if (String(keys) !== 'integrity') return [at(file, entry.line, `${name} comes from elsewhere: ${String(keys)}`)];
  return SHA512.test(resolution?.get('integrity')?.text ?? '') ? [] : [at(file, entry.line, `${name} has no SHA-512`)];
}

function registryLines(file: string, lines: readonly string[]): Fault[] {
  return lines.flatMap((text, index) =>
    REGISTRY.test(text) || (lockfileText(file, text) !== '' && /^\s+tarball:/.test(text))
      ? [{ file, line: index + 1, message: 'a registry of packages is named' }]
      : [],
  );
}

/** Requirements with their continuation lines joined. */
function requirementsOf(lines: readonly string[]): { line: number; text: string }[] {
  const found: { line: number; text: string }[] = [];
  let isContinued = false;
  for (const [index, raw] of lines.entries()) {
    const text = raw.replace(/(?:^|\s)#.*$/, '').trim();
    const last = found.at(-1);
    const part = text.replace(/\s*\\$/, '');
    if (isContinued && last !== undefined) last.text += ` ${part}`;
    else if (part !== '' && !part.startsWith('--')) found.push({ line: index + 1, text: part });
    isContinued = text.endsWith('\\');
  }
  return found;
}
