import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

import { type AuditCheck, AuditError, judged } from './audit-check.ts';
import { LICENCES_FILE, type LicencePolicy, type Reach } from './licence-policy.ts';
import { parseAnswer, type RunPnpm } from './run-pnpm.ts';

const Licence = Type.Union([
  Type.Object({ expression: Type.String() }),
  Type.Object({ license: Type.Object({ id: Type.String() }) }),
  Type.Object({ license: Type.Object({ name: Type.String() }) }),
]);

const Component = Type.Object({
  name: Type.String(),
  group: Type.Optional(Type.String()),
  version: Type.String(),
  purl: Type.String(),
  licenses: Type.Optional(Type.Array(Licence)),
});

/** As much of a CycloneDX document as is read here. */
const Bom = Type.Object({ components: Type.Array(Component) });

type Component = (typeof Component)['static'];

/**
 * Holds each installed package to the licences of tools/licences.yaml: what a service brings along more strictly than what
 * only its makers run.
 *
 * @throws {AuditError} when pnpm cannot list the packages.
 */
export async function auditLicences(runPnpm: RunPnpm, policy: LicencePolicy): Promise<AuditCheck> {
  const listed = await list(runPnpm, []);
  const shipped = new Set((await list(runPnpm, ['--filter', './apps/*', '--prod'])).map(({ purl }) => purl));
  const findings = listed.flatMap((component) => {
    const name = component.group === undefined ? component.name : `${component.group}/${component.name}`;
    const reach: Reach = shipped.has(component.purl) ? 'production' : 'development';
    const fault = policy.faultOf({ name, version: component.version, licence: textOf(component), reach });
    return fault === undefined
      ? []
      : [{ subject: `${name}@${component.version}`, message: `${fault}: ${LICENCES_FILE}` }];
  });
  const inProduction = listed.filter(({ purl }) => shipped.has(purl)).length;
  return judged('licences', `${listed.length} packages, ${inProduction} of them in production`, findings);
}

async function list(runPnpm: RunPnpm, args: readonly string[]): Promise<readonly Component[]> {
  const bom = parseAnswer(await runPnpm([...args, 'sbom', '--sbom-format', 'cyclonedx']));
  if (!Value.Check(Bom, bom)) throw new AuditError('pnpm sbom writes a document of another form than it did');
  if (bom.components.length === 0) throw new AuditError('pnpm sbom lists no package: nothing is installed');
  return bom.components;
}

function textOf({ licenses = [] }: Component): string | undefined {
  const texts = licenses.map((each) => {
    if ('expression' in each) return each.expression;
    return 'id' in each.license ? each.license.id : each.license.name;
  });
  return texts.length === 0 ? undefined : texts.join(' AND ');
}
