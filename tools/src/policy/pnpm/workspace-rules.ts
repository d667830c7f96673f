import { isDeepStrictEqual } from 'node:util';

import { inFile, type Fault, type LocalFault, type PolicyInput, type PolicyRule } from '../policy-rule.ts';
import type { YamlView } from '../read/yaml-view.ts';
import { expectedSettings } from './expected-settings.ts';

/** The one file of pnpm's settings. */
export const WORKSPACE_FILE = 'pnpm-workspace.yaml';

/** Where what the benchmark measures against has a workspace of its own. */
export const PEERS_DIRECTORY = 'bench/peers';

/** The workspaces whose settings are looked at: the second one is held to all that the first one is. */
const WORKSPACES = [WORKSPACE_FILE, `${PEERS_DIRECTORY}/${WORKSPACE_FILE}`];

const EXACT_VERSION = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;
const EXACT_PACKAGE = /^(?:@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+(?:-[\w.]+)?$/;
const ADVISORY = /\b(?:GHSA(?:-[a-z0-9]{4}){3}|CVE-\d{4}-\d{4,})\b/;
const DATE = /\b\d{4}-\d{2}-\d{2}\b/;

function judge({ files }: PolicyInput, judgeFile: (view: YamlView) => LocalFault[]): Fault[] {
  return WORKSPACES.filter((file) => files.has(file)).flatMap((file) => inFile(file, judgeFile(files.yaml(file))));
}

/** Rules about pnpm-workspace.yaml. */
export const workspaceRules: readonly PolicyRule[] = [
  {
    id: 'P-201',
    title: 'pnpm-workspace.yaml has the settings that are expected, and no other',
    requirement: 'SR-66',
    reason: 'pnpm ignores a name that it does not know: a control with a slip in its name is off, and nothing says so.',
    fix: 'write the expected value, or change tools/src/policy/pnpm/expected-settings.ts with the reason in the commit',
    check: (input) => [
      ...(input.files.has(WORKSPACE_FILE) ? [] : [{ file: WORKSPACE_FILE, line: 1, message: 'the file is missing' }]),
      ...judge(input, (view) => [...unexpected(view), ...missing(view)]),
    ],
  },
  {
    id: 'P-202',
    title: 'Each build script has a decision with its reason',
    requirement: 'SR-66',
    reason: 'A script of a dependency runs as whoever installs, before anybody has read it.',
    fix: 'write `name: true` or `name: false` with a comment that says why',
    check: (input) =>
      judge(input, (view) =>
        (view.get('allowBuilds')?.entries() ?? [])
          .filter(([, { value, comment }]) => typeof value !== 'boolean' || comment === '')
          .map(([name, { line }]) => ({ line, message: `${name} has no decision, or no reason` })),
      ),
  },
  {
    id: 'P-203',
    title: 'What skips the waiting time is one version, with its advisory and a date',
    requirement: 'SR-66',
    reason: 'A name without a version skips it for every release to come, and that is how a stolen account is used.',
    fix: "write `- 'name@1.2.3' # GHSA-…, 2026-11-26: reason`",
    check: (input) =>
      judge(input, (view) =>
        ['minimumReleaseAgeExclude', 'trustPolicyExclude']
          .flatMap((key) => view.get(key)?.items() ?? [])
          .filter(({ text, comment }) => !EXACT_PACKAGE.test(text) || !ADVISORY.test(comment) || !DATE.test(comment))
          .map(({ line, text }) => ({ line, message: `${text} says not exactly what, why and since when` })),
      ),
  },
  {
    id: 'P-204',
    title: 'An advisory is ignored by its GHSA id, until a day',
    requirement: 'SR-67',
    reason: 'What is ignored without an end is a known hole that nobody will look at again.',
    fix: `list the GHSA id, and write an exception for ${WORKSPACE_FILE} with the id as its subject`,
    exceptions: 'by-subject',
    check: (input) =>
      judge(input, (view) =>
        (view.get('audit', 'ignore')?.items() ?? []).map(({ line, text }) => {
          const isId = /^GHSA(?:-[a-z0-9]{4}){3}$/.test(text);
          // A range of ids or a CVE number has no subject: no exception can be made for it.
          return { line, message: `${text} is ignored`, subject: isId ? text : undefined };
        }),
      ),
  },
  {
    id: 'P-205',
    title: 'Every version of the catalog is exact',
    requirement: 'SR-66',
    reason:
      'A range is resolved again whenever the lockfile is made again: the commit no longer says what is installed.',
    fix: 'write the version, as `pnpm add` does',
    check: (input) =>
      judge(input, (view) =>
        catalogsOf(view)
          .flatMap((catalog) => catalog.entries())
          .filter(([, { text }]) => !EXACT_VERSION.test(text))
          .map(([name, { line, text }]) => ({ line, message: `${name}: ${text} is not one version` })),
      ),
  },
  {
    id: 'P-206',
    title: 'An override is exact or a removal, and says why',
    requirement: 'SR-66',
    reason: 'An override changes what authors tested; without a reason it outlives what it was for.',
    fix: "write an exact version or '-', and a comment above or behind it",
    check: (input) =>
      judge(input, (view) => {
        const overrides = view.get('overrides');
        return (overrides?.entries() ?? [])
          .filter(([, { text, comment }]) => {
            const hasReason = comment !== '' || (overrides?.comment ?? '') !== '';
            return !hasReason || (text !== '-' && text !== 'catalog:' && !EXACT_VERSION.test(text));
          })
          .map(([name, { line, text }]) => ({ line, message: `${name}: ${text} is not exact, or says no reason` }));
      }),
  },
];

function unexpected(view: YamlView): LocalFault[] {
  return view.entries().flatMap(([name, { line, value }]) => {
    const expected = Object.hasOwn(expectedSettings, name) ? expectedSettings[name] : undefined;
    if (expected === undefined) return [{ line, message: `${name} is no setting that is expected` }];
    if (name === 'audit') return auditFault(line, value);
    if (!('value' in expected) || isDeepStrictEqual(value, expected.value)) return [];
    // A workspace that is one package lists itself.
    if (name === 'packages' && isDeepStrictEqual(value, ['.'])) return [];
    return [{ line, message: `${name} is ${JSON.stringify(value)}, not ${JSON.stringify(expected.value)}` }];
  });
}

/** Any advisory counts; what is ignored, P-204 looks at. */
function auditFault(line: number, value: unknown): LocalFault[] {
  const { level, ignore, ...others } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (level === 'low' && Array.isArray(ignore) && Object.keys(others).length === 0) return [];
  return [{ line, message: 'audit is not `level: low` and a list `ignore`' }];
}

function missing(view: YamlView): LocalFault[] {
  return Object.entries(expectedSettings)
    .filter(
      ([name, setting]) => !('listed' in setting && setting.listed === 'optional') && view.get(name) === undefined,
    )
    .map(([name]) => ({ line: 1, message: `${name} is missing` }));
}

function catalogsOf(view: YamlView): YamlView[] {
  return [view.get('catalog'), ...(view.get('catalogs')?.entries() ?? []).map(([, catalog]) => catalog)].filter(
    (catalog) => catalog !== undefined,
  );
}
