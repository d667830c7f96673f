import { type Static, Type } from '@sinclair/typebox';
import { exitCodeOf } from './self-check-error.ts';
import type { SelfCheckReport } from './self-check-report.ts';

/** Changes when a field is removed or means something else; new fields and new numbers leave it as it is. */
const DOCUMENT_VERSION = 1;

const id = Type.String({
  pattern: '^RD-\\d{3}$',
  description: 'Number of the finding: stable, never given to another',
});
const severity = Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('advice')], {
  description: 'What it weighs in this mode: an error stops a start in production',
});
const area = Type.String({
  description: 'What it is about: settings, secrets, tls, database, shared store, process, …',
});
const subject = Type.String({ description: 'The setting, role or file that it is about' });
const check = Type.String({ description: 'Name of the check; may change' });

const finding = {
  id,
  severity,
  area,
  subject,
  title: Type.String({ description: 'What is wrong; may change its words' }),
  seen: Type.String({ description: 'What was seen' }),
  fix: Type.String({ description: 'How to mend it' }),
  page: Type.String({ description: 'Its page, from the root of the repository on' }),
};

/** The form of `pnpm run doctor --json`, for who reads it by machine; `docs/findings/report.schema.json` is made from it. */
export const reportSchema = Type.Object(
  {
    version: Type.Literal(DOCUMENT_VERSION, { description: 'Of this form' }),
    mode: Type.Union([Type.Literal('production'), Type.Literal('development')], { description: 'The rules that held' }),
    checkedAt: Type.String({ description: 'RFC 3339, in UTC' }),
    exitCode: Type.Integer({ description: '78 with an error among the findings, otherwise 0' }),
    findings: Type.Array(Type.Object(finding), { description: 'Not silenced; the heaviest first' }),
    silenced: Type.Array(
      Type.Object({
        ...finding,
        reason: Type.String({ description: 'Why it may stand' }),
        until: Type.String({ description: 'Last day on which the silence holds, in UTC' }),
      }),
    ),
    passed: Type.Array(Type.Object({ area, check }), { description: 'Checks that looked and found nothing' }),
    notChecked: Type.Array(
      Type.Object({ area, check, reason: Type.String({ description: 'Why, or what is not known' }) }),
      { description: 'Checks that could not look, or not at everything: whatever they found, they have not passed' },
    ),
  },
  { $id: 'self-check-report-1', title: 'Report of the self-check' },
);

/** A report as a machine reads it. */
export type ReportDocument = Static<typeof reportSchema>;

/** Makes the document of a report; `JSON.stringify` writes it. */
export function reportDocument(report: SelfCheckReport): ReportDocument {
  return {
    version: DOCUMENT_VERSION,
    mode: report.mode,
    checkedAt: new Date(report.checkedAtMs).toISOString(),
    exitCode: exitCodeOf(report),
    findings: [...report.findings],
    silenced: [...report.silenced],
    passed: report.passed.map(({ area, name }) => ({ area, check: name })),
    notChecked: report.notChecked.map(({ area, name, reason }) => ({ area, check: name, reason })),
  };
}
