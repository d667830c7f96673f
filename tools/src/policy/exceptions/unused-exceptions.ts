import type { Fault, PolicyRule } from '../policy-rule.ts';
import { EXCEPTIONS_FILE, type PolicyException, readExceptions } from './policy-exceptions.ts';

/** Whether an exception is about this fault of a rule. */
export function covers(exception: PolicyException, rule: string, { file, subject }: Fault): boolean {
  return exception.rule === rule && exception.file === file && exception.subject === subject;
}

/** The rule about exceptions that nothing needs any more, for the rules that take exceptions. */
export function unusedExceptions(rules: readonly PolicyRule[]): PolicyRule {
  const excepted = rules.filter(({ exceptions }) => exceptions === 'by-subject');
  return {
    id: 'P-803',
    title: 'Every exception covers something that is there',
    requirement: 'SR-67',
    reason: 'What was mended leaves a hole behind: the same fault could come back unseen.',
    fix: 'take the entry out',
    check(input) {
      const exceptions = readExceptions(input.files).filter(({ rule }) => excepted.some(({ id }) => id === rule));
      // Only rules that are excepted from are asked again.
      const asked = excepted.filter(({ id }) => exceptions.some(({ rule }) => rule === id));
      const faults = asked.flatMap((rule) => [...rule.check(input)].map((fault) => ({ rule: rule.id, fault })));
      return exceptions
        .filter((each) => !faults.some(({ rule, fault }) => covers(each, rule, fault)))
        .map(({ line, rule, file, subject }) => ({
          file: EXCEPTIONS_FILE,
          line,
          message: `${rule} finds no ${subject} in ${file}`,
        }));
    },
  };
}
