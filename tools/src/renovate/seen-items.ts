/** What Renovate says of one dependency in one file. */
export interface SeenItem {
  readonly file: string;
  readonly names: readonly string[];
  readonly versions: readonly string[];
}

/** Renovate was not asked with a token of GitHub; with one it would look these up. */
const BORNE_REASON = 'github-token-required';

/**
 * The dependencies of a report of `renovate --dry-run=extract` that it would move; what it skips is not seen.
 *
 * @throws {TypeError} when the report is none of one repository.
 */
export function seenItems(report: unknown): readonly SeenItem[] {
  const [repository, ...others] = Object.values(recordOf(recordOf(report)['repositories']));
  const managers = recordOf(repository)['packageFiles'];
  if (others.length > 0 || managers === undefined) throw new TypeError('the report is none of one repository');
  return Object.values(recordOf(managers))
    .flatMap(listOf)
    .map(recordOf)
    .flatMap(({ packageFile, deps }) => listOf(deps).map((each) => toSeen(String(packageFile), recordOf(each))))
    .filter((item) => item !== undefined);
}

function toSeen(file: string, dependency: Record<string, unknown>): SeenItem | undefined {
  const { depName, packageName, currentValue, currentVersion, skipReason } = dependency;
  if (skipReason !== undefined && skipReason !== BORNE_REASON) return undefined;
  return { file, names: texts(depName, packageName), versions: texts(currentValue, currentVersion) };
}

function texts(...values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string').map((value) => value.replace(/^==/, ''));
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
