import type { Fault, PolicyRule } from '../policy-rule.ts';
import type { YamlView } from '../read/yaml-view.ts';
import { ALL_SOURCES } from './service-sources.ts';

const LINT_FILE = '.oxlintrc.json';

/** A configuration in a folder takes the place of the root's; an ignore file takes files out. */
const OTHER_LINT_FILES =
  /\/\.oxlintrc\.jsonc?$|(?:^|\/)(?:oxlint\.config\.\w+|\.oxlintrc\.jsonc|\.(?:ox|es)lintignore)$/;

/** What nobody wrote, and a file whose form pnpm asks for. */
const IGNORED = ['**/dist', '**/node_modules', '.local', '.pnpmfile.mjs', 'bench/peers'] as const;

/** Rules that have to be `error`, without more (SR-77). */
const PLAIN_BANS = [
  'eqeqeq',
  'no-console',
  'no-eval',
  'no-new-func',
  'no-proto',
  'node/no-process-env',
  'typescript/ban-ts-comment',
  'typescript/no-explicit-any',
  'typescript/no-floating-promises',
  'unicorn/no-process-exit',
] as const;

/** Rules with a list, and words that have to stand in it. */
const LISTED_BANS: Readonly<Record<string, readonly string[]>> = {
  'no-restricted-properties': ['"Math"', '"random"', '"process"', '"env"', '"globalThis"', '"fetch"', '"expose"'],
  'no-restricted-globals': ['"Buffer"', '"process"', '"fetch"', '"EventSource"', '"WebSocket"'],
  'no-restricted-imports': [
    '"node:child_process"',
    '"node:process"',
    '^node:(http|https|http2|net|tls)$',
    '^(undici|axios|',
  ],
};

/** For whom a ban may be lifted, by the folders and files of an override; each list is a decision that a reviewer sees here. */
const LIFTED_FOR: Readonly<Record<string, RegExp>> = {
  'no-console': /^(?:tools\/\*\*|bench\/\*\*|\*\*\/test\/\*\*|packages\/(?:service\/)?testing\/\*\*)$/,
  'node/no-process-env': /^packages\/config\/src\/environment\.ts$/,
  'no-restricted-imports':
    /^(?:tools\/\*\*|bench\/\*\*|\*\*\/test\/\*\*|packages\/(?:service\/)?testing\/\*\*|packages\/outbound\/src\/\*\*)$/,
  'no-restricted-globals': /^(?:tools\/\*\*|bench\/\*\*|\*\*\/test\/\*\*|packages\/(?:service\/)?testing\/\*\*)$/,
  'no-restricted-properties': /^packages\/(?:config\/src\/environment|server\/src\/pipeline\/01-correlation)\.ts$/,
};

/** What an override of a listed ban may leave out without lifting it: SR-51 lists the places of `expose` by itself. */
const MAY_BE_LEFT_OUT: ReadonlySet<string> = new Set(['"expose"']);

/** A comment that tells a tool to look away, and the reason that has to follow. */
const DIRECTIVE =
  /(?:\/\/|\/\*)\s*(?<mark>(?:ox|es)lint-disable(?:-next-line|-line)?|@ts-(?:expect-error|ignore|nocheck)|(?:v8|c8|istanbul) ignore)\b(?<rest>[^\n]*)/g;
const REASON = /\s--\s+\S+(?:\s+\S+){2,}/;

/** Rules about the linter's own configuration, and about who turns it off. */
export const lintRules: readonly PolicyRule[] = [
  {
    id: 'P-701',
    title: 'The bans stand in the configuration of the linter',
    requirement: 'SR-77',
    reason: 'A ban that is taken out with the code that it stopped leaves no trace in the output of the linter.',
    fix: 'put it back',
    check: ({ files }) =>
      files.has(LINT_FILE)
        ? missingBans(files.yaml(LINT_FILE))
        : [{ file: LINT_FILE, line: 1, message: 'the file is missing' }],
  },
  {
    id: 'P-702',
    title: 'A ban is lifted for the listed files alone',
    requirement: 'SR-77',
    reason: 'An override is how a ban ends for a whole folder, far from the code.',
    fix: 'turn it off on the line that needs it, with a reason; or change LIFTED_FOR in lint-rules.ts',
    check: ({ files }) => [
      ...(files.has(LINT_FILE) ? liftedBans(files.yaml(LINT_FILE)) : []),
      ...files.matching(OTHER_LINT_FILES).map((file) => ({ file, line: 1, message: 'it would count in its folder' })),
    ],
  },
  {
    id: 'P-703',
    title: 'Who tells a tool to look away says why',
    requirement: 'SR-77',
    reason: 'The next reader cannot tell a judged exception from one that was in the way.',
    fix: 'write the reason behind it: ` -- ` and three words or more; of @ts-ignore and @ts-nocheck nothing helps',
    check: ({ files }) =>
      files
        .matching(ALL_SOURCES)
        // The marks stand there as texts.
        .filter((file) => !/^tools\/(?:src|test)\/policy\//.test(file))
        .flatMap((file) => directiveFaults(file, files.text(file))),
  },
];

function missingBans(view: YamlView): Fault[] {
  const at = (found: YamlView | undefined, message: string): Fault => ({
    file: LINT_FILE,
    line: found?.line ?? 1,
    message,
  });
  const options = view.get('options');
  const rules = view.get('rules');
  const ignored = view.get('ignorePatterns');
  return [
    ...(options?.get('reportUnusedDisableDirectives')?.text === 'error'
      ? []
      : [at(options, 'reportUnusedDisableDirectives is not `error`')]),
    ...(String(ignored?.value) === String(IGNORED) ? [] : [at(ignored, `ignorePatterns is not ${IGNORED.join(', ')}`)]),
    ...(options?.get('denyWarnings')?.value === true ? [] : [at(options, 'denyWarnings is not true')]),
    ...PLAIN_BANS.filter((name) => rules?.get(name)?.text !== 'error').map((name) =>
      at(rules?.get(name) ?? rules, `${name} is not \`error\``),
    ),
    ...Object.entries(LISTED_BANS).flatMap(([name, words]) => {
      const rule = rules?.get(name);
      return missingWords(rule, words).map((word) => at(rule ?? rules, `${name} does not ban ${word}`));
    }),
  ];
}

function missingWords(rule: YamlView | undefined, words: readonly string[]): string[] {
  const text = JSON.stringify(rule?.value ?? '');
  return words.filter((word) => !text.includes(word) || !text.startsWith('["error"'));
}

function liftedBans(view: YamlView): Fault[] {
  return (view.get('overrides')?.items() ?? []).flatMap((override) => {
    const globs = (override.get('files')?.items() ?? []).map(({ text }) => text);
    return (override.get('rules')?.entries() ?? [])
      .filter(([name, rule]) => isLifted(name, rule))
      .filter(([name]) => globs.length === 0 || !globs.every((glob) => LIFTED_FOR[name]?.test(glob) === true))
      .map(([name, { line }]) => ({ file: LINT_FILE, line, message: `${name} is lifted for ${globs.join(', ')}` }));
  });
}

function isLifted(name: string, rule: YamlView): boolean {
  if ((PLAIN_BANS as readonly string[]).includes(name)) return rule.text !== 'error';
  const words = LISTED_BANS[name];
  return words !== undefined && missingWords(rule, words).some((word) => !MAY_BE_LEFT_OUT.has(word));
}

function directiveFaults(file: string, text: string): Fault[] {
  return [...text.matchAll(DIRECTIVE)]
    .filter(({ groups }) =>
      /ignore$|nocheck$/.test(groups?.['mark'] ?? '') && (groups?.['mark'] ?? '').startsWith('@')
        ? true
        : !REASON.test(groups?.['rest'] ?? ''),
    )
    .map(({ index, groups }) => ({
      file,
      line: text.slice(0, index).split('\n').length,
      message: `${groups?.['mark'] ?? ''} without a reason`,
    }));
}
