import type { Fault, PolicyRule } from '../policy-rule.ts';
import { EXCEPTIONS_FILE, faultOfExpiry, type PolicyException, readExceptions } from './policy-exceptions.ts';

/** Rules about the file of exceptions, for the rules that take exceptions. */
export function exceptionRules(rules: readonly PolicyRule[]): PolicyRule[] {
  const excepted = new Set(rules.filter(({ exceptions }) => exceptions === 'by-subject').map(({ id }) => id));
  return [
    {
      id: 'P-801',
      title: 'An exception names a rule that takes exceptions, a file, a subject and a reason',
      requirement: 'SR-67',
      reason: 'An exception that says neither what nor why cannot be judged when it ends.',
      fix: 'write rule, file, subject, reason (a sentence) and expires, and nothing else',
      check: ({ files }) => readExceptions(files).flatMap((each) => faultsOf(each, excepted)),
    },
    {
      id: 'P-802',
      title: 'An exception ends, and not later than in half a year',
      requirement: 'SR-67',
      reason: 'An exception without an end is a change of the rule that nobody decided.',
      fix: 'mend what is excepted, or give a new last day with a reason that holds today',
      check: ({ files, today }) =>
        readExceptions(files).flatMap(({ line, expires, rule, subject }) => {
          const fault = faultOfExpiry(expires, today);
          return fault === undefined
            ? []
            : [{ file: EXCEPTIONS_FILE, line, message: `${rule} for ${subject}: ${fault}` }];
        }),
    },
  ];
}

function faultsOf(exception: PolicyException, excepted: ReadonlySet<string>): Fault[] {
  const { line, rule, file, subject, reason, unknown } = exception;
  const messages = [
    ...(excepted.has(rule) ? [] : [`${rule === '' ? 'no rule' : rule} takes exceptions`]),
    ...(file === '' || subject === '' ? ['no file, or no subject'] : []),
    // A word is no reason.
    ...(reason.split(' ').length < 4 ? ['no reason'] : []),
    ...unknown.map((key) => `${key} means nothing here`),
  ];
  return messages.map((message) => ({ file: EXCEPTIONS_FILE, line, message }));
}
