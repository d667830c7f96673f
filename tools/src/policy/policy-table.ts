import type { PolicyRule } from './policy-rule.ts';
import { policyRules } from './registry.ts';

/** What rules are about: the first digit of a number says which. */
const groups: Readonly<Record<string, string>> = {
  1: 'Workflows',
  2: 'pnpm and the lockfile',
  3: 'Manifests and versions',
  4: 'Images',
  5: 'Compose files',
  6: 'Secrets',
  7: 'Sources',
  8: 'Exceptions',
  9: 'Owners and bots',
};

const HEADER = ['| rule | for | asks | because | fix |', '| --- | --- | --- | --- | --- |'];

/** The tables of `docs/policy.md`: every rule of the registry, by what it is about. */
export function policyTable(): string {
  return Object.entries(groups)
    .map(([digit, name]) =>
      [`### ${name}`, '', ...HEADER, ...policyRules.filter(({ id }) => id[2] === digit).map(row)].join('\n'),
    )
    .join('\n\n');
}

function row({ id, requirement, title, reason, fix, exceptions }: PolicyRule): string {
  const mark = exceptions === undefined ? '' : ' *';
  return `| ${[id + mark, requirement, title, reason, fix].map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}
