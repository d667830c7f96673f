import { BUNDLED_PACKAGES_SUFFIX, type LicensedPackage, packageOf } from './bundled-package.ts';
import { licenceNotices } from './licence-notices.ts';

/** As much of a bundler's output as is looked at. */
type Output = Readonly<Record<string, { readonly type: string; readonly moduleIds?: readonly string[] }>>;

/** What a plugin may do while output is written. */
interface Emitter {
  emitFile(file: { readonly type: 'asset'; readonly fileName: string; readonly source: string }): unknown;
}

/** As much of a plugin of Rolldown, or Rollup, as it takes. */
export interface BundledPackagesPlugin {
  readonly name: string;
  generateBundle(this: Emitter, options: unknown, output: Output): void;
}

/**
 * Puts beside a bundle whose code is in it: `<program>.packages.json` for an SBOM, and `<program>.LICENSES.txt`, with the
 * licence of each package (SR-68). Both are made from the modules that are in the output, not from what a manifest asks for. A
 * package of which nothing but the value of a constant was taken is in neither.
 */
export function bundledPackagesPlugin(program: string): BundledPackagesPlugin {
  return {
    name: 'bundled-packages',
    generateBundle(_options, output) {
      const packages = packagesOf(Object.values(output).flatMap(({ moduleIds = [] }) => moduleIds));
      const list = packages.map(({ name, version }) => ({ name, version }));
      this.emitFile({
        type: 'asset',
        fileName: `${program}${BUNDLED_PACKAGES_SUFFIX}`,
        source: `${JSON.stringify(list, null, 2)}\n`,
      });
      this.emitFile({ type: 'asset', fileName: `${program}.LICENSES.txt`, source: licenceNotices(packages) });
    },
  };
}

/** Each once, by name and version: the order of modules differs between builds of the same sources. */
function packagesOf(moduleIds: readonly string[]): LicensedPackage[] {
  const packages = new Map<string, LicensedPackage>();
  for (const id of moduleIds) {
    const found = packageOf(id);
    if (found !== undefined) packages.set(`${found.name}@${found.version}`, found);
  }
  return [...packages.keys()].toSorted().flatMap((key) => packages.get(key) ?? []);
}
