import type { AccessRequest, AccessRule, DeniedAs } from './access-rule.ts';
import type { Principal } from './principal.ts';

/** What hides most comes first: a stranger must not learn from a lesser denial that something exists (SR-2). */
const DENIALS: readonly DeniedAs[] = ['not-found', 'forbidden', 'insufficient-authentication'];

/**
 * Anybody whom one of the rules allows; they are asked in order, up to the first that allows. A denial shows as the
 * member's that hides most. Throws a `TypeError` without members.
 */
export function anyOf(...rules: readonly AccessRule[]): AccessRule {
  const [strictest] = byDenial(rules);
  return {
    name: nameOf('any-of', rules),
    requires: { kind: 'any-of', of: rules.map(({ requires }) => requires) },
    deniedAs: strictest.deniedAs,
    check: (principal, request) => askFrom(0, 'any-of', rules, principal, request),
  };
}

/**
 * Only those whom every rule allows. A denial shows as that of the rule that denies, and where several do, as the one
 * that hides most. Throws a `TypeError` without members.
 */
export function allOf(...rules: readonly AccessRule[]): AccessRule {
  const every = byDenial(rules.flatMap((rule) => rule.every ?? [rule]));
  return {
    name: nameOf('all-of', rules),
    requires: { kind: 'all-of', of: rules.map(({ requires }) => requires) },
    deniedAs: every[0].deniedAs,
    check: (principal, request) => askFrom(0, 'all-of', every, principal, request),
    every,
  };
}

function nameOf(kind: string, rules: readonly AccessRule[]): string {
  return `${kind}(${rules.map(({ name }) => name).join(', ')})`;
}

/** No rule at all would allow everybody in `allOf`, and nobody in `anyOf`: neither is what a route means. */
function byDenial(rules: readonly AccessRule[]): readonly [AccessRule, ...AccessRule[]] {
  const [first, ...others] = rules.toSorted((a, b) => DENIALS.indexOf(a.deniedAs) - DENIALS.indexOf(b.deniedAs));
  if (first === undefined) throw new TypeError('a combination needs at least one rule');
  return [first, ...others];
}

type Combination = 'any-of' | 'all-of';

/** The answer of one rule after which the others need not be asked. */
const SETTLING = { 'any-of': true, 'all-of': false } as const satisfies Record<Combination, boolean>;

/**
 * Asks rule after rule until one settles the combination. Stays synchronous as long as the rules are. What is not
 * exactly `true` counts as `false` (SR-30).
 */
function askFrom(
  index: number,
  combination: Combination,
  rules: readonly AccessRule[],
  principal: Principal,
  request: AccessRequest,
): boolean | Promise<boolean> {
  const settling = SETTLING[combination];
  const rule = rules[index];
  if (rule === undefined) return !settling;
  const proceed = (answer: unknown) =>
    (answer === true) === settling ? settling : askFrom(index + 1, combination, rules, principal, request);
  const answer = rule.check(principal, request);
  return answer instanceof Promise ? answer.then(proceed) : proceed(answer);
}
