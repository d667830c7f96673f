import { styleText } from 'node:util';
import type { Environment } from '../../environment.ts';
import type { FindingArea, FindingSeverity } from '../finding.ts';
import { labelledLine } from './labelled-line.ts';
import { countOf, type ReportedFinding, type SelfCheckReport } from './self-check-report.ts';

/** Whether a report has colours. */
export type ReportColour = 'on' | 'off';

const colours = { error: 'red', warning: 'yellow', advice: 'cyan' } as const satisfies Record<FindingSeverity, string>;

/** Colours are for a person at a terminal who did not decline them (no-color.org). */
export function colourFor(stream: { readonly isTTY?: boolean }, environment: Environment): ReportColour {
  const isDeclined = (environment['NO_COLOR'] ?? '') !== '';
  return stream.isTTY === true && !isDeclined ? 'on' : 'off';
}

/**
 * A report for a person: findings by area, the areas and the findings of each with the heaviest first, then what is
 * silenced, what could not be checked, and the sum.
 */
export function renderReport(report: SelfCheckReport, colour: ReportColour): string {
  return [
    ...findingBlocks(report.findings, colour),
    ...silencedBlocks(report),
    ...notCheckedBlocks(report),
    summaryOf(report),
  ].join('\n\n');
}

/** The findings alone, by area. */
export function findingBlocks(findings: readonly ReportedFinding[], colour: ReportColour): readonly string[] {
  // A map keeps the order of the first of each area, and the heaviest come first.
  const areas = Map.groupBy(findings, ({ area }) => area);
  return [...areas].map(([area, inArea]) =>
    [titleOf(area), inArea.map((finding) => blockOf(finding, colour))].flat().join('\n\n'),
  );
}

function blockOf(finding: ReportedFinding, colour: ReportColour): string {
  const { seen, fix, page } = finding;
  return [
    headOf(finding, colour),
    labelledLine('seen', seen),
    labelledLine('fix', fix),
    labelledLine('page', page),
  ].join('\n');
}

function headOf({ id, severity, subject, title }: ReportedFinding, colour: ReportColour): string {
  // Whether there are colours was decided by the caller, for the stream that the report goes to.
  const weight = colour === 'on' ? styleText(colours[severity], severity, { validateStream: false }) : severity;
  return `  ${id}  ${weight}  ${subject}: ${title}`;
}

function silencedBlocks({ silenced }: SelfCheckReport): readonly string[] {
  const blocks = silenced.map((finding) =>
    [headOf(finding, 'off'), labelledLine('until', finding.until), labelledLine('reason', finding.reason)].join('\n'),
  );
  return blocks.length === 0 ? [] : ['Silenced', ...blocks];
}

function notCheckedBlocks({ notChecked }: SelfCheckReport): readonly string[] {
  const blocks = notChecked.map(({ area, name, reason }) => `  ${area}: ${name}\n${labelledLine('why', reason)}`);
  return blocks.length === 0 ? [] : ['Not checked', ...blocks];
}

function summaryOf(report: SelfCheckReport): string {
  const counts = [
    countText(countOf(report, 'error'), 'error'),
    countText(countOf(report, 'warning'), 'warning'),
    `${countOf(report, 'advice')} advice`,
    `${report.silenced.length} silenced`,
    `${countText(report.passed.length, 'check')} passed`,
    `${report.notChecked.length} not checked`,
  ];
  return `Self-check under the rules of ${report.mode}: ${counts.join(', ')}.`;
}

/** `1 error`, `2 errors`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function titleOf(area: FindingArea): string {
  return area === 'tls' ? 'TLS' : area.charAt(0).toUpperCase() + area.slice(1);
}
