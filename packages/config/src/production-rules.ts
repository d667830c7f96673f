import type { SecretReference } from '@redoubt/secrets';
import type { NodeEnvironment, SettingsRule } from './define-settings.ts';
import { isTooBroad, parseAddressRange } from './formats/cidr.ts';
import { refusedSetting } from './setting-fault.ts';

/** What a rule for one setting sees of a service's settings: the setting by its name. */
type ViewOf<Name extends string, Value = unknown> = { readonly [N in Name]: Value };

/** The options of Node that take a protection away, and what each does. */
const weakNodeOptions: ReadonlyMap<RegExp, string> = new Map([
  [/--inspect/, 'whoever reaches the inspector runs code in the process'],
  [/--insecure-http-parser/, 'it lets smuggled requests through'],
  [/--tls-min-v1\.[01]/, 'it allows versions of TLS that are broken'],
]);

/** What all of some rules together see: the intersection of what each sees. */
type ViewOfAll<Rules extends readonly SettingsRule<never>[]> =
  Rules[number] extends SettingsRule<infer View> ? View & { readonly NODE_ENV: NodeEnvironment } : never;

/**
 * Lets rules judge in production only; development is a developer's own machine. Give each rule as
 * `plainHttp('PUBLIC_ORIGIN')`: a name that the schema does not have is a type error.
 */
export function refuseInProduction<const Rules extends readonly SettingsRule<never>[]>(
  ...rules: Rules
): readonly SettingsRule<ViewOfAll<Rules>>[] {
  return rules.map((rule) => inProduction(rule as SettingsRule<ViewOfAll<Rules>>));
}

function inProduction<View extends { readonly NODE_ENV: NodeEnvironment }>(
  rule: SettingsRule<View>,
): SettingsRule<View> {
  return (settings, environment) => (settings.NODE_ENV === 'production' ? rule(settings, environment) : undefined);
}

/** Refuses `http:` in an origin, a URL, or a list of them (SR-53). */
export function plainHttp<Name extends string>(name: Name): SettingsRule<ViewOf<Name>> {
  return (settings) =>
    textsOf(settings[name]).some((text) => /^http:/i.test(text))
      ? refusedSetting(
          'RD-007',
          name,
          'https',
          'Use https: what goes over plain http can be read and changed on the way.',
        )
      : undefined;
}

/** Refuses `*` and `null` among origins (SR-24, SR-53), for a setting of any type. */
export function wildcardOrigins<Name extends string>(name: Name): SettingsRule<ViewOf<Name>> {
  return (settings) =>
    textsOf(settings[name]).some((text) => text === 'null' || text.includes('*'))
      ? refusedSetting(
          'RD-008',
          name,
          'exact origins',
          'List each origin: a wildcard or null lets any site act for its visitors.',
        )
      : undefined;
}

/**
 * Refuses trusted proxies that are `true`, a number of hops, or a range that strangers are in, as 0.0.0.0/0 is, for
 * then a client chooses its own address (SR-23, SR-53).
 */
export function broadTrustedProxies<Name extends string>(name: Name): SettingsRule<ViewOf<Name>> {
  return (settings) =>
    textsOf(settings[name]).every(isNarrowRange)
      ? undefined
      : refusedSetting(
          'RD-009',
          name,
          'ranges of your own proxies: IPv4 /8 or narrower, IPv6 /32 or narrower',
          'List the proxies.',
        );
}

/** Refuses `env://` as the place of a secret (SR-51); the resolver would refuse it later, and one at a time. */
export function environmentSecret<Name extends string>(
  name: Name,
): SettingsRule<ViewOf<Name, SecretReference | undefined>> {
  return (settings) =>
    settings[name]?.scheme === 'env'
      ? refusedSetting('RD-035', name, 'file:///run/secrets/name', 'Mount the secret as a file: an environment leaks.')
      : undefined;
}

/** Refuses some of the values that a setting may have: `developmentOnly('STORAGE', ['embedded'], 'Use postgres.')`. */
export function developmentOnly<Name extends string>(
  name: Name,
  values: readonly (string | number | boolean)[],
  fix: string,
): SettingsRule<ViewOf<Name>> {
  const unsuitable: ReadonlySet<unknown> = new Set(values);
  return (settings) =>
    unsuitable.has(settings[name])
      ? refusedSetting('RD-010', name, 'a value that is fit for production', fix)
      : undefined;
}

/** Refuses `NODE_TLS_REJECT_UNAUTHORIZED=0`, with which Node accepts any certificate from anybody (SR-28). */
export const uncheckedCertificates: SettingsRule<unknown> = (_settings, environment) =>
  environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
    ? refusedSetting('RD-011', 'NODE_TLS_REJECT_UNAUTHORIZED', 'certificates that are checked', 'Remove it.')
    : undefined;

/** Refuses `NODE_OPTIONS` that open the inspector or take a protection of Node away (SR-53). */
export const weakenedNode: SettingsRule<unknown> = (_settings, environment) => {
  // Node itself drops quotes and backslashes when it splits the variable.
  const options = (environment['NODE_OPTIONS'] ?? '').replaceAll(/["\\]/g, '');
  const reason = [...weakNodeOptions].find(([option]) => option.test(options))?.[1];
  if (reason === undefined) return undefined;
  return refusedSetting(
    'RD-012',
    'NODE_OPTIONS',
    'no inspector, and no protection taken away',
    `Remove the option: ${reason}.`,
  );
};

function isNarrowRange(text: string): boolean {
  const range = parseAddressRange(text);
  return range !== undefined && !isTooBroad(range);
}

function textsOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
