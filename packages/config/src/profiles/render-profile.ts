import { labelledLine } from '../self-check/report/labelled-line.ts';
import type { ComparedProfile, ProfileStatus, ProfileVerdict } from './compare-profile.ts';

const STATUS_ORDER = [
  'ok',
  'differs',
  'missing',
  'placeholder',
  'elsewhere',
] as const satisfies readonly ProfileStatus[];

/** What a person is told of each: what the profile wants, why, and where a control goes with it. */
export function renderProfile({ name, verdicts }: ComparedProfile): string {
  const counts = STATUS_ORDER.map((status) => [verdicts.filter((each) => each.status === status).length, status]);
  const sum = counts.map(([count, status]) => `${count} ${status}`).join(', ');
  return [`Profile ${name}`, ...verdicts.map(blockOf), `Against the profile ${name}: ${sum}.`].join('\n\n');
}

function blockOf({ name, template, status, why, moves }: ProfileVerdict): string {
  return [
    `  ${status}  ${name}`,
    ...(status === 'ok' ? [] : [labelledLine('wants', template)]),
    labelledLine('why', why),
    ...(moves === undefined ? [] : [labelledLine('moves', moves)]),
    ...(status === 'elsewhere'
      ? [labelledLine('look', 'It is set where that part runs, and cannot be seen from here.')]
      : []),
  ].join('\n');
}
