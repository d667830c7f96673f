import { isInForce, type PolicyException, readExceptions } from './exceptions/policy-exceptions.ts';
import { covers } from './exceptions/unused-exceptions.ts';
import type { Finding, PolicyInput, PolicyRule } from './policy-rule.ts';

/**
 * Holds a repository to rules. Returns what no exception covers, in the order of files and lines.
 *
 * @throws {UnreadableFileError} when a file that a rule reads is not in its format.
 */
export function runPolicy(rules: readonly PolicyRule[], input: PolicyInput): Finding[] {
  const inForce = readExceptions(input.files).filter((each) => isInForce(each, input.today));
  return rules
    .flatMap((rule) => findingsOf(rule, input, inForce))
    .toSorted((a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line || a.rule.localeCompare(b.rule, 'en'));
}

function findingsOf(rule: PolicyRule, input: PolicyInput, inForce: readonly PolicyException[]): Finding[] {
  const found = [...rule.check(input)].map(({ file, line, message, subject }) => {
    return { rule: rule.id, file, line, message, subject, fix: rule.fix };
  });
  if (rule.exceptions === undefined) return found;
  return found.filter((finding) => !inForce.some((each) => covers(each, rule.id, finding)));
}
