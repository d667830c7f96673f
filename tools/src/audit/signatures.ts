import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

import { type AuditCheck, AuditError, judged, unavailable } from './audit-check.ts';
import { parseAnswer, type RunPnpm } from './run-pnpm.ts';

const Refused = Type.Object({
  name: Type.String(),
  version: Type.String(),
  reason: Type.Optional(Type.String()),
});

/** As much of `pnpm audit signatures --json` as is read here. */
const Report = Type.Object({
  audited: Type.Integer(),
  verified: Type.Integer(),
  invalid: Type.Array(Refused),
  missing: Type.Array(Refused),
});

/**
 * Verifies the registry's signature of each package of the lockfile (SR-66). pnpm ends well when it has verified nothing,
 * since the registry has no keys: that is `unavailable` here, and never a pass.
 *
 * @throws {AuditError} when pnpm cannot ask, or reports in another form.
 */
export async function auditSignatures(runPnpm: RunPnpm): Promise<AuditCheck> {
  const result = await runPnpm(['audit', 'signatures', '--json']);
  const report = parseAnswer(result);
  if (!Value.Check(Report, report))
    throw new AuditError('pnpm audit signatures writes a report of another form than it did');
  const { audited, verified, invalid, missing } = report;
  if (audited === 0) return unavailable('signatures', 'the registry in use signs nothing: it has no keys');
  const findings = [
    ...invalid.map(({ name, version, reason = 'its signature is not valid' }) => {
      return { subject: `${name}@${version}`, message: reason };
    }),
    ...missing.map(({ name, version }) => {
      return { subject: `${name}@${version}`, message: 'it has no signature, where others of its registry have one' };
    }),
  ];
  // Neither verified nor refused would be a package that nobody looked at.
  if (findings.length === 0 && (verified !== audited || result.code !== 0))
    throw new AuditError(`pnpm verified ${verified} of ${audited} packages, and does not say what became of the rest`);
  return judged('signatures', `${verified} of ${audited} packages verified`, findings);
}
