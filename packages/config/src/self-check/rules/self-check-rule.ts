import type { NodeEnvironment } from '../../define-settings.ts';
import type { Environment } from '../../environment.ts';
import type { Finding, FindingArea } from '../finding.ts';
import type { SelfCheck } from '../self-check.ts';

/**
 * Judges settings that loaded, together or for the environment that they met. It asks for the settings that it reads
 * and no more, so that a service with others can use it: leave out a rule whose settings a service does not have.
 */
export interface SelfCheckRule<View> {
  readonly area: FindingArea;
  /** What it looks at, as the report names it. */
  readonly name: string;
  readonly judge: (settings: View, environment: Environment) => readonly Finding[];
}

/** What all of some rules together read. */
type ViewOfAll<Rules extends readonly SelfCheckRule<never>[]> = UnionToIntersection<
  Rules[number] extends infer Rule ? (Rule extends SelfCheckRule<infer View> ? View : never) : never
>;

type UnionToIntersection<Union> = (Union extends unknown ? (member: Union) => void : never) extends (
  intersection: infer Intersection,
) => void
  ? Intersection
  : never;

/** Makes checks of rules, over the settings of a service; a rule that reads a setting of another name is a type error. */
export function settingsChecks<const Rules extends readonly SelfCheckRule<never>[]>(
  rules: Rules,
  settings: ViewOfAll<Rules>,
  environment: Environment,
): readonly SelfCheck[] {
  return rules.map(({ area, name, judge }) => ({
    area,
    name,
    // The intersection of what all rules read is what each of them reads.
    run: () => (judge as SelfCheckRule<ViewOfAll<Rules>>['judge'])(settings, environment),
  }));
}

/** Lets a rule judge production only: in development, the defaults of development are right. */
export function inProductionOnly<View>(
  rule: SelfCheckRule<View>,
): SelfCheckRule<View & { readonly NODE_ENV: NodeEnvironment }> {
  return {
    ...rule,
    judge: (settings, environment) => (settings.NODE_ENV === 'production' ? rule.judge(settings, environment) : []),
  };
}
