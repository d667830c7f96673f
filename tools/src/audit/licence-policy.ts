import parse, { type Info } from 'spdx-expression-parse';

import type { YamlView } from '../policy/read/yaml-view.ts';
import { faultOfExpiry } from '../policy/exceptions/policy-exceptions.ts';

/** Where it stands which licences are taken. */
export const LICENCES_FILE = 'tools/licences.yaml';

/** Who meets a package: whoever gets the service, or only who works on it. */
export type Reach = 'production' | 'development';

/** A package with what its manifest says of its licence. */
export interface LicensedPackage {
  readonly name: string;
  readonly version: string;
  /** As it is written there; absent when it says nothing. */
  readonly licence: string | undefined;
  readonly reach: Reach;
}

interface Entry {
  readonly package: string;
  readonly declared: string;
  readonly readAs: string | undefined;
  readonly expires: string | undefined;
}

/** Which licences may come with a package, and what is known of those that say it wrongly. */
export class LicencePolicy {
  readonly #allowed: Readonly<Record<Reach, ReadonlySet<string>>>;
  readonly #entries: readonly Entry[];
  readonly #today: string;

  /** @param today - `2026-11-26`, of UTC. */
  constructor(file: YamlView, today: string) {
    const production = textsOf(file.get('production'));
    this.#allowed = {
      production: new Set(production),
      development: new Set([...production, ...textsOf(file.get('development'))]),
    };
    this.#entries = (file.get('packages')?.items() ?? []).map((item) => ({
      package: item.get('package')?.text ?? '',
      declared: item.get('declared')?.text ?? '',
      readAs: item.get('read-as')?.text,
      expires: item.get('expires')?.text,
    }));
    this.#today = today;
  }

  /** What is wrong with the licence of a package; nothing when it is in order. */
  faultOf({ name, version, licence, reach }: LicensedPackage): string | undefined {
    const entry = this.#entries.find(
      (each) => each.package === `${name}@${version}` && each.declared === (licence ?? ''),
    );
    if (entry?.expires !== undefined) return this.#faultOfException(entry.expires);
    const text = entry?.readAs ?? licence;
    if (text === undefined || text === '') return 'it names no licence';
    const expression = read(text);
    if (expression === undefined) return `${text} is no SPDX expression`;
    return isAllowed(expression, this.#allowed[reach]) ? undefined : `${text} is not allowed in ${reach}`;
  }

  #faultOfException(expires: string): string | undefined {
    const fault = faultOfExpiry(expires, this.#today);
    return fault === undefined ? undefined : `there is an exception for its licence, but ${fault}`;
  }
}

function textsOf(list: YamlView | undefined): string[] {
  return (list?.items() ?? []).map(({ text }) => text);
}

function read(text: string): Info | undefined {
  try {
    return parse(text);
  } catch {
    // It says what is wrong by its position in the text, which the message of the finding shows as a whole.
    return undefined;
  }
}

/** Of a choice one is enough; what is joined needs all. An exception to a licence (`WITH`) grants more, and `+` too. */
function isAllowed(expression: Info, allowed: ReadonlySet<string>): boolean {
  if ('license' in expression) return allowed.has(expression.license);
  const [left, right] = [isAllowed(expression.left, allowed), isAllowed(expression.right, allowed)];
  return expression.conjunction === 'and' ? left && right : left || right;
}
