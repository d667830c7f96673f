import process from 'node:process';

import type { BomContents } from './bom.ts';

/** Versions that Node tells of interfaces and of tables of data, which are no libraries. */
const NO_LIBRARIES = new Set(['cldr', 'modules', 'napi', 'node', 'tz', 'unicode']);

/**
 * The Node that runs this, with the libraries that are compiled into it: OpenSSL and V8 are in its program, and no package
 * manager knows of them. In the build of an image it is the Node that is put into the image.
 */
export function nodeContents(): BomContents {
  const { node: version } = process.versions;
  const subject = { type: 'platform', name: 'node', version, purl: purlOf('node', version) } as const;
  const components = Object.entries(process.versions)
    // Of some, Node tells no version: nobody could look for advisories about them.
    .filter(([name, each = '']) => each !== '' && !NO_LIBRARIES.has(name))
    .map(([name, each = '']) => ({ type: 'library', name, version: each, purl: purlOf(name, each) }) as const);
  return { subject, components, dependencies: [{ ref: subject.purl, dependsOn: components.map(({ purl }) => purl) }] };
}

function purlOf(name: string, version: string): string {
  return `pkg:generic/${name}@${encodeURIComponent(version)}`;
}
