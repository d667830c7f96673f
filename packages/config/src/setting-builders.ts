import type { SecretReference } from '@redoubt/secrets';
import { type TArray, type TInteger, type TString, type TUnsafe, Type } from '@sinclair/typebox';

/** What every setting may say of itself. */
export interface SettingOptions<Value> {
  /** What it means, in one line of the settings table. */
  readonly description: string;
  /** Its value when the variable is absent; without one, the variable is required. */
  readonly default?: Value;
  /** Its value when the variable is absent and `NODE_ENV` is `development`: production has to state it. */
  readonly developmentDefault?: Value;
}

/** As {@link SettingOptions}, for a list, and the number of items it may have. */
export interface ListSettingOptions extends SettingOptions<readonly string[]> {
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** As {@link SettingOptions}, for a URL. */
export interface UrlSettingOptions extends SettingOptions<string> {
  /** What it may begin with, colon included: `['https:']`. */
  readonly protocols: readonly string[];
}

/** TCP ports are 16 bits; 0 lets the system choose one. */
const MAX_PORT = 65_535;

/** A TCP port to listen on: 0 to 65535. */
export function portSetting(options: SettingOptions<number>): TInteger {
  return Type.Integer({ ...options, minimum: 0, maximum: MAX_PORT });
}

/** An IP address or a host name. */
export function hostSetting(options: SettingOptions<string>): TString {
  return Type.String({ ...options, format: 'host' });
}

/** One of a few words. */
export function choiceSetting<const Choice extends string>(
  choices: readonly Choice[],
  options: SettingOptions<NoInfer<Choice>>,
): TUnsafe<Choice> {
  return Type.Unsafe<Choice>(
    Type.Union(
      choices.map((choice) => Type.Literal(choice)),
      { ...options },
    ),
  );
}

/** A web origin, spelt as browsers send it (SR-24). */
export function originSetting(options: SettingOptions<string>): TString {
  return Type.String({ ...options, format: 'origin' });
}

/** Web origins, each spelt as browsers send it (SR-24). */
export function originListSetting(options: ListSettingOptions): TArray<TString> {
  return Type.Array(Type.String({ format: 'origin' }), { ...options });
}

/** An absolute URL without a password. */
export function urlSetting(options: UrlSettingOptions): TString {
  return Type.String({ ...options, format: 'url' });
}

/** Addresses and CIDR ranges, such as the proxies whose forwarding headers are believed (SR-23). */
export function cidrListSetting(options: ListSettingOptions): TArray<TString> {
  return Type.Array(Type.String({ format: 'cidr' }), { ...options });
}

/** Where a secret is. The loaded setting is the `SecretReference`; a default is written as text. */
export function secretReferenceSetting(options: SettingOptions<string>): TUnsafe<SecretReference> {
  return Type.Unsafe<SecretReference>(Type.String({ ...options, format: 'secret-reference' }));
}
