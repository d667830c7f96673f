/** A fault of a policy file, fit to print. */
export interface PolicyFault {
  /** The file, from the repository on. */
  readonly file: string;
  /** Where in it: a statement's name, a path, a resource. */
  readonly place: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
}

/** A policy file with what its workload may have. */
export interface PolicyFile<Document> {
  readonly file: string;
  readonly document: Document;
  /** Names of the secrets that the workload's settings name, without the service's own name before them. */
  readonly secrets: readonly string[];
}

/** A name or a list of names, as policies write both. */
export type OneOrMore = string | readonly string[];

/** The list that it stands for. */
export function listOf(names: OneOrMore | undefined): readonly string[] {
  if (names === undefined) return [];
  return typeof names === 'string' ? [names] : names;
}

/** `*` and `?` match what nobody has named; `+` is Vault's wildcard for one segment. */
export function isWildcard(name: string): boolean {
  return /[*?]/.test(name);
}
