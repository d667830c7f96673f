/** The pages of `docs/findings`: one for each finding of the self-check, an index, and the form of its report. */
import {
  findingCatalogue,
  type FindingArea,
  type FindingId,
  type FindingKind,
  pageOf,
  reportSchema,
} from '@redoubt/config';

/** Where the pages are, from the root of the repository on. */
export const findingsFolder = 'docs/findings';

const SEVERITY_IN_DEVELOPMENT = { error: 'warning', warning: 'warning', advice: 'advice' } as const;

/** Every file of the folder that is made from the catalogue, by its path. */
export function findingPages(): ReadonlyMap<string, string> {
  const pages = [...findingCatalogue].map(([id, kind]) => [pageOf(id), findingPage(id, kind)] as const);
  return new Map([
    ...pages,
    [`${findingsFolder}/report.schema.json`, `${JSON.stringify(reportSchema, undefined, 2)}\n`],
  ]);
}

/** The tables of the index, one for each area. */
export function findingIndex(): string {
  const areas = Map.groupBy(findingCatalogue, ([, { area }]) => area);
  return [...areas].map(([area, kinds]) => `### ${titleOf(area)}\n\n${table(kinds)}`).join('\n\n');
}

function table(kinds: readonly (readonly [FindingId, FindingKind])[]): string {
  const rows = kinds.map(
    ([id, { title, severity, silencing }]) => `| [${id}](${id}.md) | ${textOf(title)} | ${severity} | ${silencing} |`,
  );
  return ['| number | what is wrong | in production | silencing |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function findingPage(id: FindingId, kind: FindingKind): string {
  const { area, severity, severityInDevelopment, title, risk, remedy, source } = kind;
  return `# ${id}: ${textOf(title)}

| area | in production | in development |
| --- | --- | --- |
| ${area} | ${severity} | ${severityInDevelopment ?? SEVERITY_IN_DEVELOPMENT[severity]} |

## Risk

${textOf(risk)}

## Remedy

${textOf(remedy)}

## Silence

${silenceText(id, kind)}

## Source and test

${textOf(source)}. The test that shows it with a bad configuration: \`pnpm test -t ${id}\`.
`;
}

function silenceText(id: FindingId, { silencing }: FindingKind): string {
  if (silencing === 'refused') return 'This finding cannot be silenced.';
  const silence = `{ "id": "${id}", "reason": "why this is no danger here, and who decided so", "until": "2027-01-31" }`;
  return `For 90 days at most, by an entry in the file that \`SELF_CHECK_SILENCES_FILE\` names ([the rules](README.md#silences)):

\`\`\`json
[${silence}]
\`\`\``;
}

function titleOf(area: FindingArea): string {
  return area === 'tls' ? 'TLS' : area.charAt(0).toUpperCase() + area.slice(1);
}

/** What stands in a page as it is: `<`, `*` and `_` would be markup. */
function textOf(text: string): string {
  return text.replaceAll(/[|<*_]/g, '\\$&');
}
