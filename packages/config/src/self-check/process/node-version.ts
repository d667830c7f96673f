/** The release line of a version of Node: `26` of `26.10.0`. */
export function releaseLineOf(version: string): number {
  return partsOf(version)[0];
}

/** Whether a version of Node came before another one. */
export function isOlderVersion(version: string, other: string): boolean {
  const otherParts = partsOf(other);
  const difference = partsOf(version)
    .map((part, index) => part - (otherParts[index] ?? 0))
    .find((step) => step !== 0);
  return difference !== undefined && difference < 0;
}

/** A nightly or candidate, `26.10.0-rc.1`, counts as what it is to become. */
function partsOf(version: string): readonly [major: number, minor: number, patch: number] {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/, 3).map(Number);
  return [major, minor, patch];
}
