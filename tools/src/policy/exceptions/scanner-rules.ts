import type { PolicyRule } from '../policy-rule.ts';
import type { RepositoryFiles } from '../read/repository-files.ts';
import { faultOfExpiry } from './policy-exceptions.ts';

/** Ignore files of scanners that read YAML: entries of Trivy need a statement and an end. */
export const scannerIgnores: PolicyRule = {
  id: 'P-804',
  title: 'What Trivy ignores has a statement and an end',
  requirement: 'SR-67',
  reason: 'A scanner that ignores for ever is one finding less than nobody knows of.',
  fix: 'write statement and expired_at, at most half a year ahead',
  check: ({ files, today }) =>
    files.matching(/(?:^|\/)\.trivyignore\.ya?ml$/).flatMap((file) =>
      files
        .yaml(file)
        .entries()
        .flatMap(([, list]) => list.items())
        .flatMap((entry) => {
          const id = entry.get('id')?.text ?? 'an entry';
          const expiry = faultOfExpiry((entry.get('expired_at')?.text ?? '').slice(0, 10), today);
          const statement = (entry.get('statement')?.text ?? '') === '' ? 'it has no statement' : undefined;
          const messages = [expiry, statement].filter((message) => message !== undefined);
          return messages.map((message) => ({ file, line: entry.line, message: `${id}: ${message}` }));
        }),
    ),
};

const PLAIN_IGNORE_FILE = /(?:^|\/)\.(?:trivyignore|gitleaksignore|semgrepignore|grype-ignore)$/;
const REASON_WITH_END = /(?:^|#\s*)\w[^#]{9,}; expires (?<expires>\d{4}-\d{2}-\d{2})\s*$/;

/** gitleaks leaves out what a table of this name in its settings matches. */
const GITLEAKS_SETTINGS = /(?:^|\/)\.?gitleaks\.toml$/;
const ALLOWLIST = /^\s*\[.*allowlists?\s*\]/;

/** Ignore files of one entry a line, and the settings of gitleaks. */
export const plainIgnores: PolicyRule = {
  id: 'P-805',
  title: 'What a scanner ignores by a line, or gitleaks by a list, has a reason and an end right above it',
  requirement: 'SR-67',
  reason: 'A line of such a file is a fingerprint: without words nobody can judge it.',
  fix: 'write `# reason; expires 2027-01-31` on the line above, at most half a year ahead',
  check: ({ files, today }) =>
    [
      ...ignoredLines(files, PLAIN_IGNORE_FILE, /^(?!#)\s*\S/),
      ...ignoredLines(files, GITLEAKS_SETTINGS, ALLOWLIST),
    ].flatMap(({ file, line, above }) => {
      const fault = faultOfExpiry(REASON_WITH_END.exec(above)?.groups?.['expires'] ?? '', today);
      return fault === undefined ? [] : [{ file, line, message: fault }];
    }),
};

/** Lines that leave something out, each with the line above it. */
function ignoredLines(files: RepositoryFiles, of: RegExp, leavesOut: RegExp) {
  return files.matching(of).flatMap((file) => {
    const lines = files.lines(file);
    return lines.flatMap((text, index) =>
      leavesOut.test(text) ? [{ file, line: index + 1, above: lines[index - 1] ?? '' }] : [],
    );
  });
}

/** Settings of scanners, and the keys that leave something out. */
const SCANNER_SETTINGS = /(?:^|\/)\.?(?:zizmor|hadolint|checkov|trivy|yamllint|actionlint|semgrep|kubeconform)\.ya?ml$/;
const LEAVES_OUT: ReadonlySet<string> = new Set([
  'allow',
  'disable',
  'exclude',
  'ignore',
  'ignored',
  'skip-check',
  'skip-path',
]);

/** Settings files of scanners. */
export const scannerSettings: PolicyRule = {
  id: 'P-807',
  title: 'What the settings of a scanner leave out has a reason and an end',
  requirement: 'SR-67',
  reason: 'A rule that is off for all files is one that nobody is told of again.',
  fix: 'write `# reason; expires 2027-01-31` behind the entry or above it, at most half a year ahead',
  check: ({ files, today }) =>
    files.matching(SCANNER_SETTINGS).flatMap((file) =>
      [...files.yaml(file).walk()]
        .filter(([key, view]) => LEAVES_OUT.has(key) && !view.isList && !view.isMap && view.text !== 'false')
        .flatMap(([, { line, text, comment }]) => {
          const fault = faultOfExpiry(REASON_WITH_END.exec(comment)?.groups?.['expires'] ?? '', today);
          return fault === undefined ? [] : [{ file, line, message: `${text} is left out: ${fault}` }];
        }),
    ),
};

/** Marks by which a line tells a scanner to look away, each with what has to stand behind it. */
const INLINE_MARKS: readonly { readonly mark: RegExp; readonly reason: RegExp }[] = [
  { mark: /#\s*zizmor:\s*ignore/, reason: /zizmor:\s*ignore\[[\w,\s-]+\]\s+\S+(?:\s+\S+){2}/ },
  { mark: /(?:#|\/\/)\s*trivy:ignore:/, reason: /trivy:ignore:\S+\s+\S+(?:\s+\S+){2}/ },
  { mark: /#\s*hadolint\s+ignore=/, reason: /hadolint\s+ignore=[\w,]+\s+#\s*\S+(?:\s+\S+){2}/ },
  { mark: /#\s*checkov:skip=/, reason: /checkov:skip=\w+:\s*\S+(?:\s+\S+){2}/ },
  { mark: /#\s*shellcheck\s+disable=/, reason: /shellcheck\s+disable=[\w,]+\s+#\s*\S+(?:\s+\S+){2}/ },
  { mark: /gitleaks:allow/, reason: /gitleaks:allow\s+-*\s*\S+(?:\s+\S+){2}/ },
  { mark: /(?:#|\/\/)\s*nosemgrep/, reason: /nosemgrep(?::\s*\S+)?\s+--\s+\S+(?:\s+\S+){2}/ },
];

/** The marks stand here and in the tests of this rule, and tell no scanner anything. */
const ABOUT_MARKS = /^tools\/(?:src|test)\/policy\//;

/** Marks inside of files that are scanned. */
export const inlineIgnores: PolicyRule = {
  id: 'P-806',
  title: 'A line that tells a scanner to look away says why',
  requirement: 'SR-67',
  reason: 'The next reader cannot tell a judged exception from one that was in the way.',
  fix: 'write the reason behind the mark, in three words or more',
  check: ({ files }) =>
    files
      .matching(/(?:\.(?:ya?ml|sh|ts|mjs|conf)|Dockerfile|\/run)$/)
      .filter((file) => !ABOUT_MARKS.test(file))
      .flatMap((file) =>
        files.lines(file).flatMap((text, index) => {
          const found = INLINE_MARKS.find(({ mark }) => mark.test(text));
          return found === undefined || found.reason.test(text)
            ? []
            : [{ file, line: index + 1, message: 'a scanner is told to look away, and nobody is told why' }];
        }),
      ),
};
