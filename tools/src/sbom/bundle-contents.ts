import type { BundledPackage } from '@redoubt/build';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

import { parseAnswer, type RunPnpm } from '../audit/run-pnpm.ts';
import type { BomComponent, BomContents } from './bom.ts';
import { nodeContents } from './node-contents.ts';
import { SbomError } from './sbom-error.ts';

const Hashes = Type.Array(Type.Object({ alg: Type.String(), content: Type.String() }));

const Licence = Type.Union([
  Type.Object({ expression: Type.String() }),
  Type.Object({ license: Type.Union([Type.Object({ id: Type.String() }), Type.Object({ name: Type.String() })]) }),
]);

const Component = Type.Object({
  name: Type.String(),
  group: Type.Optional(Type.String()),
  version: Type.String(),
  purl: Type.String(),
  licenses: Type.Optional(Type.Array(Licence)),
  externalReferences: Type.Optional(Type.Array(Type.Object({ type: Type.String(), hashes: Type.Optional(Hashes) }))),
});

/** As much of `pnpm sbom` as is read here. */
const Listed = Type.Object({
  metadata: Type.Object({ component: Component }),
  components: Type.Array(Component),
  dependencies: Type.Array(Type.Object({ ref: Type.String(), dependsOn: Type.Array(Type.String()) })),
});

/**
 * What is in the bundle of an app: the packages whose code the bundler took, with the licences and hashes that pnpm knows
 * of them, this repository's own packages, and the Node that runs it with all that is compiled into that.
 *
 * @throws {SbomError} when a bundled package is none that the lockfile has in production.
 */
export async function bundleContents(
  runPnpm: RunPnpm,
  app: string,
  bundled: readonly BundledPackage[],
): Promise<BomContents> {
  const args = [
    '--filter',
    `./apps/${app}`,
    'sbom',
    '--prod',
    '--sbom-format',
    'cyclonedx',
    '--sbom-spec-version',
    '1.6',
  ];
  const listed = parseAnswer(await runPnpm(args));
  if (!Value.Check(Listed, listed)) throw new SbomError('pnpm sbom writes a document of another form than it did');
  const foreign = new Map(
    listed.components.map((component) => [`${nameOf(component)}@${component.version}`, component]),
  );
  const taken = bundled.map(({ name, version }) => {
    const component = foreign.get(`${name}@${version}`);
    if (component === undefined)
      throw new SbomError(`${name}@${version} is in the bundle, and no package of production`);
    return component;
  });
  const components = [...listed.components.filter(isOwn), ...taken].map((component) =>
    toComponent(component, 'library'),
  );
  const subject = toComponent(listed.metadata.component, 'application');
  const node = nodeContents();
  const known = new Set([subject, ...components].map(({ purl }) => purl));
  const dependencies = listed.dependencies
    .filter(({ ref }) => known.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => known.has(each)) }))
    .map(({ ref, dependsOn }) => ({
      ref,
      dependsOn: ref === subject.purl ? [...dependsOn, node.subject.purl] : dependsOn,
    }));
  return {
    subject,
    components: [...components, node.subject, ...node.components],
    dependencies: [...dependencies, ...node.dependencies],
  };
}

type Component = Static<typeof Component>;

function nameOf({ group, name }: Component): string {
  return group === undefined ? name : `${group}/${name}`;
}

/** What this repository holds itself was fetched from nowhere. */
function isOwn({ externalReferences = [] }: Component): boolean {
  return externalReferences.every(({ type }) => type !== 'distribution');
}

function hashesOf({ externalReferences = [] }: Component): Static<typeof Hashes> {
  return externalReferences.find(({ type }) => type === 'distribution')?.hashes ?? [];
}

/** Without where it was fetched: the same package from a mirror is the same package. */
function toComponent(component: Component, type: BomComponent['type']): BomComponent {
  const { name, group, version, purl, licenses } = component;
  const hashes = hashesOf(component);
  return {
    type,
    name,
    version,
    purl,
    ...(group === undefined ? {} : { group }),
    ...(licenses === undefined ? {} : { licenses }),
    ...(hashes.length === 0 ? {} : { hashes }),
  };
}
