import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package of others whose code is in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
}

/** How the file ends that lists the packages of a bundle, as a JSON array of {@link BundledPackage}. */
export const BUNDLED_PACKAGES_SUFFIX = '.packages.json';

/** A package with what its licence asks to be kept. */
export interface LicensedPackage extends BundledPackage {
  /** As its manifest has it. */
  readonly licence: string;
  /** Its licence and its notices, each whole. */
  readonly texts: readonly string[];
}

/** Files that hold a licence or a notice, as packages name them. */
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[-.].*)?$/i;
/** The folder of a package, below the innermost `node_modules`. A manifest further in only says how files are read. */
const PACKAGE_FOLDER = /^(?<folder>.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;

/**
 * Finds the package that a module of a bundle comes from; none for a module of this repository, or of the bundler.
 *
 * @throws {TypeError} for a package whose manifest names neither itself nor its version.
 */
export function packageOf(moduleId: string): LicensedPackage | undefined {
  const folder = PACKAGE_FOLDER.exec(moduleId)?.groups?.['folder'];
  if (folder === undefined || moduleId.startsWith('\0')) return undefined;
  return { ...readManifest(folder), texts: readTexts(folder) };
}

function readManifest(folder: string): Omit<LicensedPackage, 'texts'> {
  const path = join(folder, 'package.json');
  const { name, version, license } = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || typeof version !== 'string') throw new TypeError(`${path} names no package`);
  return { name, version, licence: typeof license === 'string' ? license : 'not named' };
}

function readTexts(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LICENCE_FILE.test(entry.name))
    .map(({ name }) => name)
    .toSorted()
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
}
