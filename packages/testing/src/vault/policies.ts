import type { TokenEntry } from './token-store.ts';

/** What a policy may allow on a path. */
export type Capability = 'create' | 'read' | 'update' | 'delete' | 'list' | 'deny';

/** What every token may do unless its role says otherwise (Concepts, Policies, "Default policy"). */
const DEFAULT_POLICY: Readonly<Record<string, readonly Capability[]>> = {
  'auth/token/lookup-self': ['read'],
  'auth/token/renew-self': ['update'],
  'auth/token/revoke-self': ['update'],
  'sys/leases/renew': ['update'],
};

/** A policy as JSON writes it. */
interface PolicyDocument {
  readonly path: Readonly<Record<string, { readonly capabilities: readonly Capability[] }>>;
}

/** Paths, each with what it allows; one that ends with `*` is of every path that begins so. */
type Rules = ReadonlyMap<string, ReadonlySet<Capability>>;

/** The policies of one namespace, by name. What no policy allows is denied. */
export class Policies {
  readonly #rules = new Map<string, Rules>();

  constructor() {
    this.#put('default', DEFAULT_POLICY);
  }

  /** Takes the text of a policy, in JSON. */
  write(name: string, text: string): void {
    const { path } = JSON.parse(text) as PolicyDocument;
    this.#put(name, Object.fromEntries(Object.entries(path).map(([at, { capabilities }]) => [at, capabilities])));
  }

  /** The nearest path decides: itself, or the longest that it begins with. A denial of that one wins. */
  isAllowed(token: TokenEntry, path: string, capability: Capability): boolean {
    if (token.policies.includes('root')) return true;
    const near = this.#pathsOf(token).filter((rule) => rule === path || (isGlob(rule) && path.startsWith(stem(rule))));
    const nearest = near.includes(path) ? path : near.toSorted((one, other) => other.length - one.length)[0];
    const allowed = token.policies.map((name) => this.#rules.get(name)?.get(nearest ?? ''));
    return allowed.every((set) => set?.has('deny') !== true) && allowed.some((set) => set?.has(capability) === true);
  }

  /** Whether a token has a right anywhere below a mount. */
  reaches(token: TokenEntry, mountPath: string): boolean {
    if (token.policies.includes('root')) return true;
    return this.#pathsOf(token).some((rule) => rule.startsWith(mountPath));
  }

  #pathsOf({ policies }: TokenEntry): readonly string[] {
    return policies.flatMap((name) => [...(this.#rules.get(name)?.keys() ?? [])]);
  }

  #put(name: string, paths: Readonly<Record<string, readonly Capability[]>>): void {
    this.#rules.set(name, new Map(Object.entries(paths).map(([path, list]) => [path, new Set(list)])));
  }
}

function isGlob(rule: string): boolean {
  return rule.endsWith('*');
}

function stem(rule: string): string {
  return rule.slice(0, -1);
}
