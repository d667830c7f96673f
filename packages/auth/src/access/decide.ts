import type { AccessRequest, AccessRule, DeniedAs } from './access-rule.ts';
import type { Principal } from './principal.ts';

/** What became of a request: it may pass, or it is denied in a certain way. */
export type Decision = 'allow' | { readonly deniedAs: DeniedAs };

/** Told why a rule failed; for logs. */
export type OnAccessFault = (fault: unknown) => void;

/**
 * Decides whether a caller may pass. Answers at once when the rule does, and as a promise when it must wait.
 *
 * It neither throws nor rejects: a rule that does denies, and its fault goes to `onFault` (SR-30). Whatever a rule
 * answers that is not exactly `true` denies.
 */
export function decide(
  rule: AccessRule,
  principal: Principal,
  request: AccessRequest,
  onFault?: OnAccessFault,
): Decision | Promise<Decision> {
  if (rule.every !== undefined) return decideEvery(rule.every, 0, principal, request, onFault);
  try {
    const answer = rule.check(principal, request);
    if (!(answer instanceof Promise)) return conclude(rule, answer);
    return answer.then(
      (late) => conclude(rule, late),
      (fault: unknown) => denyFault(rule, fault, onFault),
    );
  } catch (fault) {
    return denyFault(rule, fault, onFault);
  }
}

function decideEvery(
  rules: readonly AccessRule[],
  index: number,
  principal: Principal,
  request: AccessRequest,
  onFault: OnAccessFault | undefined,
): Decision | Promise<Decision> {
  const rule = rules[index];
  if (rule === undefined) return 'allow';
  const proceed = (decision: Decision) =>
    decision === 'allow' ? decideEvery(rules, index + 1, principal, request, onFault) : decision;
  const decision = decide(rule, principal, request, onFault);
  return decision instanceof Promise ? decision.then(proceed) : proceed(decision);
}

function conclude({ deniedAs }: AccessRule, answer: unknown): Decision {
  return answer === true ? 'allow' : { deniedAs };
}

function denyFault({ deniedAs }: AccessRule, fault: unknown, onFault: OnAccessFault | undefined): Decision {
  try {
    onFault?.(fault);
  } catch {
    // The denial stands even when nobody can be told of its reason.
  }
  return { deniedAs };
}
