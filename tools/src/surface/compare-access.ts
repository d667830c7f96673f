import { type Direction, directionOf } from './direction.ts';

/** The name of a rule, taken apart: `any-of(owner(id), signed-in)`. */
interface NamedRule {
  readonly text: string;
  readonly kind: string;
  readonly members: readonly NamedRule[];
}

/** Rules that let in users alone: each of them implies `signed-in`. */
const USER_RULES: ReadonlySet<string> = new Set(['signed-in', 'permission', 'owner', 'recent-sign-in']);

/** Tells whether more callers pass than before, as far as the names of the rules say it. */
export function compareAccess(before: string, after: string): Direction {
  const [old, now] = [parseRule(before), parseRule(after)];
  return directionOf(implies(old, now), implies(now, old));
}

function parseRule(text: string): NamedRule {
  const open = text.indexOf('(');
  if (open === -1) return { text, kind: text, members: [] };
  const inner = text.slice(open + 1, -1);
  return { text, kind: text.slice(0, open), members: splitMembers(inner).map(parseRule) };
}

/** Splits at the commas of this level alone. */
function splitMembers(text: string): readonly string[] {
  const members = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) members.push('');
    else members[members.length - 1] += character;
  }
  return members.map((member) => member.trim());
}

/** Whether everybody whom the one lets in passes the other as well. `false` where the names do not prove it. */
function implies(one: NamedRule, other: NamedRule): boolean {
  if (other.text === 'public' || one.text === other.text) return true;
  if (one.text === 'public') return false;
  if (one.kind === 'any-of') return one.members.every((member) => implies(member, other));
  if (other.kind === 'all-of') return other.members.every((member) => implies(one, member));
  if (one.kind === 'all-of') return one.members.some((member) => implies(member, other));
  if (other.kind === 'any-of') return other.members.some((member) => implies(one, member));
  return impliesLeaf(one, other);
}

function impliesLeaf(one: NamedRule, other: NamedRule): boolean {
  if (other.kind === 'signed-in') return USER_RULES.has(one.kind);
  if (other.kind === 'any-service') return one.kind === 'service';
  if (one.kind !== other.kind) return false;
  if (one.kind === 'recent-sign-in') return secondsOf(one) <= secondsOf(other);
  const named = new Set(other.members.map(({ text }) => text));
  return one.kind === 'service' && one.members.every(({ text }) => named.has(text));
}

function secondsOf({ members }: NamedRule): number {
  return Number.parseInt(members[0]?.text ?? '', 10);
}
