import type { Fault, PolicyRule } from '../policy-rule.ts';
import { WORKSPACE_FILE } from '../pnpm/workspace-rules.ts';

/** Decisions tell what was true when they were made; the lockfile names versions of others. */
const OF_THE_PAST = /^docs\/decisions\/|^CHANGELOG\.md$|^pnpm-lock\.yaml$/;

/** Rules about versions that stand in more than one place. */
export const versionRules: readonly PolicyRule[] = [
  {
    id: 'P-305',
    title: 'Every file that names a version of pnpm names the one of packageManager',
    requirement: 'SR-66',
    reason: 'CI, the image and a person would resolve the same lockfile with different programs.',
    fix: 'write the version that package.json has, everywhere at once',
    check({ files }) {
      const version = /^pnpm@(?<version>[\d.]+)$/.exec(
        files.has('package.json') ? (files.yaml('package.json').get('packageManager')?.text ?? '') : '',
      );
      const expected = version?.groups?.['version'];
      if (expected === undefined) return [];
      return files
        .matching(/^/)
        .filter((file) => !OF_THE_PAST.test(file) && !file.startsWith('tools/test/policy/'))
        .filter((file) => files.text(file).includes('pnpm@'))
        .flatMap((file) => pnpmFaults(file, files.lines(file), expected));
    },
  },
  {
    id: 'P-306',
    title: 'Node has one version: that of nodeVersion, in the catalog, in the image and in the self-check',
    requirement: 'SR-67',
    reason: 'What is tested would not be what serves, and a fix of Node would reach one of them.',
    fix: 'write one version in pnpm-workspace.yaml (nodeVersion and the node packages of the catalog), docker/Dockerfile and judge-process.ts',
    check({ files }) {
      if (!files.has(WORKSPACE_FILE)) return [];
      const view = files.yaml(WORKSPACE_FILE);
      const expected = view.get('nodeVersion')?.text ?? '';
      const catalog = (view.get('catalog')?.entries() ?? [])
        .filter(([name, { text }]) => /^node-(?:bin-)?(?:linux|darwin|win)-/.test(name) && text !== expected)
        .map(([name, { line, text }]) => ({
          file: WORKSPACE_FILE,
          line,
          message: `${name} is ${text}, not ${expected}`,
        }));
      const elsewhere = files
        .matching(/(?:^|\/)Dockerfile$|^\.nvmrc$|^\.node-version$|\/judge-process\.ts$/)
        .flatMap((file) => nodeFaults(file, files.lines(file), expected));
      return [...catalog, ...elsewhere];
    },
  },
];

function pnpmFaults(file: string, lines: readonly string[], expected: string): Fault[] {
  return lines.flatMap((text, index) =>
    [...text.matchAll(/\bpnpm@(?<version>[~^<>=]*\d[\w.-]*|latest|next)/g)]
      .map(({ groups }) => groups?.['version'] ?? '')
      .filter((version) => version.replace(/\.$/, '') !== expected)
      .map((version) => ({ file, line: index + 1, message: `pnpm@${version}, not ${expected}` })),
  );
}

const NODE_VERSION = /(?:^FROM (?:\S*\/)?node:|TESTED_NODE = '|^v?(?=\d+\.\d+\.\d+$))(?<version>\d[\d.]*)/;

function nodeFaults(file: string, lines: readonly string[], expected: string): Fault[] {
  return lines.flatMap((text, index) => {
    const version = NODE_VERSION.exec(text)?.groups?.['version'];
    if (version === undefined || version === expected) return [];
    return [{ file, line: index + 1, message: `Node ${version}, not ${expected}` }];
  });
}
