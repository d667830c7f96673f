/**
 * `pnpm sbom:write [--app api] [--output dist/sbom] [--image-root <folder>]`: writes what is in a service that was built, as
 * CycloneDX 1.6: `application.cdx.json`, the bundle and the Node that runs it; and, when the file system of the base image is
 * given, `image.cdx.json`, with that image's libraries besides. docker/Dockerfile calls it. Exits 1 when the document would not
 * be true, and 2 for a wrong call.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { type BundledPackage, BUNDLED_PACKAGES_SUFFIX } from '@redoubt/build';

import { AuditError } from './audit/audit-check.ts';
import { pnpmIn } from './audit/run-pnpm.ts';
import { type BomContents, writeBom } from './sbom/bom.ts';
import { bundleContents } from './sbom/bundle-contents.ts';
import { debianComponents } from './sbom/debian-components.ts';
import { SbomError } from './sbom/sbom-error.ts';

const root = join(import.meta.dirname, '..', '..');

const options = {
  app: { type: 'string', default: 'api' },
  output: { type: 'string', default: join('dist', 'sbom') },
  'image-root': { type: 'string' },
} as const;

function readBundled(app: string): readonly BundledPackage[] {
  const path = join(root, 'apps', app, 'dist', `main${BUNDLED_PACKAGES_SUFFIX}`);
  if (!existsSync(path))
    throw new SbomError(`${path} is missing: the service was not built, and \`pnpm build\` does it`);
  return JSON.parse(readFileSync(path, 'utf8')) as readonly BundledPackage[];
}

/** The application as a container: what is in it, and what is around it. */
function toImage({ subject, components, dependencies }: BomContents, imageRoot: string): BomContents {
  const libraries = debianComponents(imageRoot);
  const { name, version } = subject;
  const image = { type: 'container', name, version, purl: `pkg:generic/${name}-image@${version}` } as const;
  const contains = { ref: image.purl, dependsOn: [subject.purl, ...libraries.map(({ purl }) => purl)] };
  return {
    subject: image,
    components: [subject, ...components, ...libraries],
    dependencies: [contains, ...dependencies],
  };
}

async function write(): Promise<void> {
  const { app, output, 'image-root': imageRoot } = parseArgs({ options }).values;
  const contents = await bundleContents(pnpmIn(root), app, readBundled(app));
  const documents = [
    ['application.cdx.json', contents] as const,
    ...(imageRoot === undefined ? [] : [['image.cdx.json', toImage(contents, imageRoot)] as const]),
  ];
  mkdirSync(output, { recursive: true });
  for (const [name, document] of documents) {
    writeFileSync(join(output, name), writeBom(document));
    console.log(`${join(output, name)}: ${document.components.length} components`);
  }
}

try {
  await write();
} catch (error) {
  const isWrongCall = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (!isWrongCall && !(error instanceof SbomError) && !(error instanceof AuditError)) throw error;
  console.error(error.message);
  process.exitCode = isWrongCall ? 2 : 1;
}
