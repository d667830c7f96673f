import { UnreadableFileError } from './read/unreadable-file-error.ts';
import type { Finding } from './policy-rule.ts';

/** EX_SOFTWARE of sysexits.h: the policy itself is broken. */
const EXIT_SOFTWARE = 70;

/** How a run of the policy ends. */
export interface Verdict {
  readonly exitCode: number;
  readonly output: string;
}

/** For a person: one line for each finding, and a total. */
export function textReport(findings: readonly Finding[], ruleCount: number): Verdict {
  const lines = findings.map(({ file, line, rule, message, fix }) => `${file}:${line}  ${rule}  ${message} — ${fix}`);
  const total = `${ruleCount} rules, ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;
  return { exitCode: findings.length === 0 ? 0 : 1, output: [...lines, total].join('\n') };
}

/** For a machine: the same as one JSON document. */
export function jsonReport(findings: readonly Finding[], ruleCount: number): Verdict {
  return { exitCode: findings.length === 0 ? 0 : 1, output: JSON.stringify({ rules: ruleCount, findings }, null, 2) };
}

/** A repository that cannot be read is 2; anything else is a fault of the policy. */
export function failureReport(error: unknown): Verdict {
  if (error instanceof UnreadableFileError)
    return { exitCode: 2, output: `the policy cannot be checked: ${error.message}` };
  const description = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exitCode: EXIT_SOFTWARE, output: `the policy is broken: ${description}` };
}
