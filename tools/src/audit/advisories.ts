import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

import type { Finding } from '../policy/policy-rule.ts';
import { type AuditCheck, AuditError, type AuditFinding, judged, unavailable } from './audit-check.ts';
import { parseAnswer, type PnpmResult, type RunPnpm } from './run-pnpm.ts';

/** As much of `pnpm audit --json` as is read here. */
const Report = Type.Object({
  advisories: Type.Record(
    Type.String(),
    Type.Object({
      module_name: Type.String(),
      severity: Type.String(),
      title: Type.String(),
      url: Type.String(),
      patched_versions: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      findings: Type.Array(Type.Object({ version: Type.String(), paths: Type.Array(Type.String()) })),
    }),
  ),
  metadata: Type.Object({ totalDependencies: Type.Integer() }),
});

/**
 * What pnpm says of a registry without such an endpoint. One that is down, refuses this caller, or answers with something
 * else is another matter: it may have them, and somebody has to look.
 */
const NOT_SERVED = /ERR_PNPM_AUDIT_ENDPOINT_NOT_EXISTS|responded with (?:404|405|410|501)/;

/**
 * Asks the registry for advisories about each package of the lockfile (SR-67). `ignored` are the faults of exceptions: an
 * ignored advisory without a reason, or past its last day, counts as one that is not ignored.
 *
 * @throws {AuditError} when the registry cannot be reached, or pnpm cannot read the answer.
 */
export async function auditAdvisories(runPnpm: RunPnpm, ignored: readonly Finding[]): Promise<AuditCheck> {
  const result = await runPnpm(['audit', '--json']);
  const expired = ignored.map(({ subject = 'audit.ignore', message, fix }) => {
    return { subject, message: `${message} without an exception in force: ${fix}` };
  });
  const refusal = refusalOf(result);
  if (refusal !== undefined && expired.length === 0)
    return unavailable('advisories', `the registry in use serves none: ${refusal}`);
  if (refusal !== undefined) return judged('advisories', 'the registry in use serves none', expired);
  const report = parseAnswer(result);
  if (!Value.Check(Report, report)) throw new AuditError('pnpm audit writes a report of another form than it did');
  const summary = `${report.metadata.totalDependencies} packages`;
  return judged('advisories', summary, [...expired, ...findingsOf(report)]);
}

function refusalOf({ stdout, stderr }: PnpmResult): string | undefined {
  const text = `${stderr}\n${stdout}`;
  if (!NOT_SERVED.test(text)) return undefined;
  return /responded with \d{3}/.exec(text)?.[0] ?? 'it has no such endpoint';
}

function findingsOf({ advisories }: Static<typeof Report>): AuditFinding[] {
  return Object.values(advisories).map(({ module_name: name, severity, title, url, findings, ...advisory }) => {
    const versions = [...new Set(findings.map(({ version }) => version))].join(', ');
    const [path = name] = findings.flatMap(({ paths }) => paths);
    const mended = advisory.patched_versions ?? 'no version yet';
    return {
      subject: `${name}@${versions}`,
      message: `${severity}: ${title} (${url}); mended in ${mended}; by way of ${path}`,
    };
  });
}
