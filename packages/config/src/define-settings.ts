import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox';
import type { Environment } from './environment.ts';
import { choiceSetting } from './setting-builders.ts';
import type { SettingFault } from './setting-fault.ts';
import { type Setting, createSetting } from './setting.ts';

/** The two ways to run. There is no third: staging is production with other addresses. */
export type NodeEnvironment = 'production' | 'development';

type FrozenValue<Value> = Value extends readonly (infer Item)[] ? readonly Item[] : Value;
type Frozen<Values> = { readonly [Name in keyof Values]: FrozenValue<Values[Name]> };

/** What {@link defineSettings} makes of a schema: its values, read-only, and `NODE_ENV`. */
export type SettingsOf<Properties extends TProperties> = Frozen<
  Static<TObject<Properties>> & { NODE_ENV: NodeEnvironment }
>;

/** What a rule sees: every setting by name; one that is optional and absent is undefined. */
export type RuleView<Values> = { readonly [Name in keyof Required<Values>]: Values[Name] };

/**
 * Judges settings that are well-formed one by one: together, or for the environment they meet. A rule that reads a
 * faulty setting is skipped, for that setting's own fault is reported already. Its fault never contains a value:
 * make it with `refusedSetting`.
 */
export type SettingsRule<View> = (settings: View, environment: Environment) => SettingFault | undefined;

/** What a service says about its settings. */
export interface SettingsOptions<Properties extends TProperties> {
  /** Every variable that begins with it must be a setting of the schema: `REDOUBT_`. */
  readonly prefix: string;
  /** One property for each setting, named as its variable. `NODE_ENV` is added, and must not be in it. */
  readonly schema: TObject<Properties>;
  readonly rules?: readonly SettingsRule<RuleView<SettingsOf<Properties>>>[];
}

/** A schema and its rules, understood and checked; made by {@link defineSettings}. */
export interface SettingsDefinition<Values> {
  readonly prefix: string;
  /** `NODE_ENV` first, then as the schema orders them. */
  readonly settings: readonly Setting[];
  readonly rules: readonly SettingsRule<RuleView<Values>>[];
}

/** The type of the settings that a definition loads: `LoadedSettings<typeof apiSettings>`. */
export type LoadedSettings<Definition> = Definition extends SettingsDefinition<infer Values> ? Values : never;

const NODE_ENV_SCHEMA = choiceSetting(['production', 'development'], {
  description: 'The rules that hold; absent means production',
  default: 'production',
});

/**
 * Understands a settings schema once, so that a mistake in it shows wherever it is imported.
 *
 * @throws {TypeError} for a prefix, name, kind, description or default that cannot be used; the message names it.
 */
export function defineSettings<Properties extends TProperties>(
  options: SettingsOptions<Properties>,
): SettingsDefinition<SettingsOf<Properties>> {
  const { prefix, schema, rules = [] } = options;
  if (!/^[A-Z][A-Z0-9]*_(?:[A-Z0-9]+_)*$/.test(prefix))
    throw new TypeError('A prefix is words of capitals and digits, each with _ behind it');
  if (Object.hasOwn(schema.properties, 'NODE_ENV')) throw new TypeError('NODE_ENV is added to every definition');
  const { properties } = Type.Object({ NODE_ENV: NODE_ENV_SCHEMA, ...schema.properties });
  const settings = Object.entries(properties).map(([name, property]) => createSetting(name, property));
  return Object.freeze({ prefix, settings: Object.freeze(settings), rules: Object.freeze([...rules]) });
}
