/** What stands in a file under `deploy/` for something that only the team knows: `{{account}}`, `{{suffix.signing-key}}`. */
const PLACEHOLDER = /\{\{([\w.-]+)\}\}/g;

/** Values of accounts, regions, names, hosts and networks. No quote, no brace, and nothing that widens a policy. */
const VALUE = /^[A-Za-z0-9][A-Za-z0-9._/:-]{0,255}$/;

/**
 * Puts the team's values into a policy file. Throws a `TypeError` that lists every placeholder without a value and every
 * value that could change what the policy means: a wildcard, a quote, a placeholder of the cloud's own.
 */
export function renderTemplate(template: string, values: ReadonlyMap<string, string>): string {
  const names = [...new Set([...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name))];
  const missing = names.filter((name) => !values.has(name));
  if (missing.length > 0) throw new TypeError(`no value for ${missing.join(', ')}`);
  const refused = names.filter((name) => !VALUE.test(values.get(name) ?? ''));
  if (refused.length > 0) throw new TypeError(`not a plain name, address or number: ${refused.join(', ')}`);
  return template.replaceAll(PLACEHOLDER, (_whole, name: string) => values.get(name) ?? '');
}
