import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { BomComponent } from './bom.ts';
import { SbomError } from './sbom-error.ts';

/** Where an image without a package manager says what it was made of: one file for each package. */
const STATUS_DIRECTORY = 'var/lib/dpkg/status.d';
const OS_RELEASE = 'usr/lib/os-release';

/**
 * The Debian packages of an image, of whose file system `root` has at least `usr/lib/os-release` and
 * `var/lib/dpkg/status.d`.
 *
 * @throws {SbomError} when there are none: an image without libraries is one that was not looked at.
 */
export function debianComponents(root: string): readonly BomComponent[] {
  const directory = join(root, STATUS_DIRECTORY);
  const release = join(root, OS_RELEASE);
  if (!existsSync(directory) || !existsSync(release))
    throw new SbomError(`${root} is no file system of a Debian image`);
  const distribution = `debian-${fieldOf(readFileSync(release, 'utf8'), /^VERSION_ID="?([\w.]+)"?$/m, release)}`;
  const components = readdirSync(directory)
    .filter((name) => !name.endsWith('.md5sums'))
    .map((name) => toComponent(readFileSync(join(directory, name), 'utf8'), name, distribution));
  if (components.length === 0) throw new SbomError(`${directory} has no package`);
  return components;
}

/**
 * A package URL as the specification of `deb` has it: percent-encoded where it would end early. `upstream` is the source
 * package, since Debian's advisories name that: glibc, and not libc6.
 */
function toComponent(status: string, file: string, distribution: string): BomComponent {
  const name = fieldOf(status, /^Package: (\S+)$/m, file);
  const version = fieldOf(status, /^Version: (\S+)$/m, file);
  const architecture = fieldOf(status, /^Architecture: (\S+)$/m, file);
  const source = /^Source: (\S+)/m.exec(status)?.[1] ?? name;
  const qualifiers = [`arch=${architecture}`, `distro=${distribution}`];
  if (source !== name) qualifiers.push(`upstream=${encodeURIComponent(source)}`);
  const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?${qualifiers.join('&')}`;
  return { type: 'library', name, version, purl };
}

function fieldOf(text: string, pattern: RegExp, file: string): string {
  const value = pattern.exec(text)?.[1];
  if (value === undefined) throw new SbomError(`${file} does not match ${pattern.source}`);
  return value;
}
