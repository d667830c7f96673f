import { type Static, Type } from '@sinclair/typebox';
import { type ComparedProfile, isAsProfileWants } from '../../profiles/compare-profile.ts';
import { EXIT_CODE_CONFIGURATION } from '../../settings-error.ts';
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

const expectation = {
  setting: Type.String({ description: 'Name of the variable' }),
  status: Type.Union(
    [
      Type.Literal('ok'),
      Type.Literal('differs'),
      Type.Literal('missing'),
      Type.Literal('placeholder'),
      Type.Literal('elsewhere'),
    ],
    { description: 'placeholder: nobody has filled it in; elsewhere: set at the edge, and not to be seen from here' },
  ),
  wants: Type.String({ description: 'What the profile wants, with <…> for what the team alone knows' }),
  why: Type.String({ description: 'Why; may change its words' }),
  moves: Type.Optional(Type.String({ description: 'Where a control of the service goes with it' })),
};

/** The form of `pnpm run doctor --json`, for who reads it by machine; `docs/findings/report.schema.json` is made from it. */
export const reportSchema = Type.Object(
  {
    version: Type.Literal(DOCUMENT_VERSION, { description: 'Of this form' }),
    mode: Type.Union([Type.Literal('production'), Type.Literal('development')], { description: 'The rules that held' }),
    checkedAt: Type.String({ description: 'RFC 3339, in UTC' }),
    exitCode: Type.Integer({
      description:
        '78 with an error among the findings or settings that are not as the profile wants them, otherwise 0',
    }),
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
    profile: Type.Optional(
      Type.Object(
        {
          name: Type.String({ description: 'The profile that was asked for' }),
          expectations: Type.Array(Type.Object(expectation), {
            description: 'In the order of the file of the profile',
          }),
        },
        { description: 'With --profile: how the settings stand to deploy/profiles' },
      ),
    ),
  },
  { $id: 'self-check-report-1', title: 'Report of the self-check' },
);

/** A report as a machine reads it. */
export type ReportDocument = Static<typeof reportSchema>;

/** Makes the document of a report, with the profile that was asked for; `JSON.stringify` writes it. */
export function reportDocument(report: SelfCheckReport, profile?: ComparedProfile): ReportDocument {
  return {
    version: DOCUMENT_VERSION,
    mode: report.mode,
    checkedAt: new Date(report.checkedAtMs).toISOString(),
    exitCode: exitCodeWith(report, profile),
    findings: [...report.findings],
    silenced: [...report.silenced],
    passed: report.passed.map(({ area, name }) => ({ area, check: name })),
    notChecked: report.notChecked.map(({ area, name, reason }) => ({ area, check: name, reason })),
    ...(profile === undefined ? {} : { profile: profileDocument(profile) }),
  };
}

/** What `doctor` ends with: 78 with an error, or with settings that are not as the profile wants them. */
export function exitCodeWith(report: SelfCheckReport, profile?: ComparedProfile): typeof EXIT_CODE_CONFIGURATION | 0 {
  return profile === undefined || isAsProfileWants(profile) ? exitCodeOf(report) : EXIT_CODE_CONFIGURATION;
}

function profileDocument({ name, verdicts }: ComparedProfile): NonNullable<ReportDocument['profile']> {
  return {
    name,
    expectations: verdicts.map(({ name: setting, status, template: wants, why, moves }) => ({
      setting,
      status,
      wants,
      why,
      ...(moves === undefined ? {} : { moves }),
    })),
  };
}
