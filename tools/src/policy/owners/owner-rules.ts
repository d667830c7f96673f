import type { Fault, PolicyRule } from '../policy-rule.ts';
import type { RepositoryFiles } from '../read/repository-files.ts';
import { isOwned, parseCodeOwners } from './code-owners.ts';

/** GitHub reads the first of these that is there. */
const CODEOWNERS_FILES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

const RENOVATE_FILE = 'renovate.json';

/** What has to be there, and why. */
const requiredFiles: Readonly<Record<string, string>> = {
  '.github/CODEOWNERS': 'a change of dependencies has an owner',
  'SECURITY.md': 'whoever finds a hole knows where to tell',
  LICENSE: 'a file of the licence is what a user is given',
  [RENOVATE_FILE]: 'pins that nobody moves are old holes',
};

/** What decides about dependencies, images and rights: a change of each is looked at by somebody who answers for it. */
const OWNED = [
  /(?:^|\/)package\.json$/,
  /^pnpm-(?:lock|workspace)\.yaml$/,
  /^\.pnpmfile\.[cm]?js$/,
  /^\.oxlintrc\.json$/,
  /^\.ci\//,
  /^\.github\//,
  /^renovate\.json$/,
  /(?:^|\/)Dockerfile$/,
  /^compose[\w.]*\.yaml$/,
  /^tools\/(?:policy-exceptions\.yaml|requirements[\w-]*\.txt|src\/policy\/)/,
];

/** Presets without which a pin is not written, or not kept. */
const PRESETS = ['config:best-practices', 'helpers:pinGitHubActionDigestsToSemver'] as const;

/** Rules about who looks at a change, and what keeps pins fresh. */
export const ownerRules: readonly PolicyRule[] = [
  {
    id: 'P-901',
    title: 'The files that people and bots look for are there',
    requirement: 'SR-79',
    reason: 'What is missing is not missed until somebody needs it.',
    fix: 'write it',
    check: ({ files }) =>
      Object.entries(requiredFiles)
        .filter(([file]) => !files.has(file))
        .map(([file, why]) => ({ file, line: 1, message: `it is missing: ${why}` })),
  },
  {
    id: 'P-902',
    title: 'What decides about dependencies, images and rights has an owner',
    requirement: 'SR-66',
    reason: 'A lockfile of ten thousand lines is where a review ends, unless somebody answers for it.',
    fix: 'write a line into .github/CODEOWNERS that matches, for less than everything, with an owner; the last line that matches counts',
    check: ({ files }) => {
      const file = CODEOWNERS_FILES.find((each) => files.has(each));
      return file === undefined ? [] : unowned(file, files);
    },
  },
  {
    id: 'P-903',
    title: 'Renovate writes digests and waits as long as pnpm does',
    requirement: 'SR-66',
    reason: 'A bot that is quicker than the waiting time opens the way that the waiting time closes.',
    fix: `extend ${PRESETS.join(' and ')}, and set minimumReleaseAge to three days or more`,
    check: ({ files }) => (files.has(RENOVATE_FILE) ? renovateFaults(files) : []),
  },
];

function unowned(file: string, files: RepositoryFiles): Fault[] {
  const owners = parseCodeOwners(files.text(file));
  return files.paths
    .filter((path) => OWNED.some((pattern) => pattern.test(path)) && !isOwned(path, owners))
    .map((path) => ({ file, line: 1, message: `${path} has no owner` }));
}

function renovateFaults(files: RepositoryFiles): Fault[] {
  const view = files.yaml(RENOVATE_FILE);
  const presets = view.get('extends');
  const named = new Set(presets?.items().map(({ text }) => text));
  const age = view.get('minimumReleaseAge');
  const days = Number(/^(?<days>\d+) days?$/.exec(age?.text ?? '')?.groups?.['days'] ?? 0);
  return [
    ...PRESETS.filter((preset) => !named.has(preset)).map((preset) => ({
      file: RENOVATE_FILE,
      line: presets?.line ?? 1,
      message: `it does not extend ${preset}`,
    })),
    ...(days >= 3 ? [] : [{ file: RENOVATE_FILE, line: age?.line ?? 1, message: 'minimumReleaseAge is below 3 days' }]),
  ];
}
