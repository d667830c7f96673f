import type { FindingId, FindingKind } from '../finding.ts';

/** A silence that is not understood silences nothing, and production does not start until a person has looked at it. */
const refused = { area: 'silences', severity: 'error', silencing: 'refused' } as const;

/** What can be wrong with the file of silences: RD-120 to RD-129. */
export const silenceFindings = {
  'RD-120': {
    ...refused,
    title: 'The file of silences cannot be used',
    risk: 'Somebody wrote down why findings may be ignored, and nobody can read it.',
    remedy: 'Name a file that exists and that the service may read: at most 64 KiB of JSON, a list of silences.',
    source: 'SR-53',
  },
  'RD-121': {
    ...refused,
    title: 'A silence names no finding',
    risk: 'What was meant to be silenced is not, or the number was never one.',
    remedy: 'Set "id" to a number of docs/findings.',
    source: 'SR-53',
  },
  'RD-122': {
    ...refused,
    title: 'A silence has no reason',
    risk: 'The next person cannot tell whether the reason still holds, and lets it stand.',
    remedy: 'Set "reason" to one line of 10 to 500 characters: why this is no danger here, and who decided so.',
    source: 'SR-67',
  },
  'RD-123': {
    ...refused,
    title: 'A silence has no expiry',
    risk: 'It would hold for good, long after its reason.',
    remedy: 'Set "until" to the last day on which it holds, in UTC: "2027-01-31".',
    source: 'SR-67',
  },
  'RD-124': {
    ...refused,
    severity: 'warning',
    title: 'A silence has expired',
    risk: 'None by itself: the finding is shown again and weighs what it weighs.',
    remedy:
      'Mend what it silenced, or decide again, with a new day and a reason that holds today. Remove it when nothing is left to silence.',
    source: 'SR-67',
  },
  'RD-125': {
    ...refused,
    title: 'A silence expires more than 90 days ahead',
    risk: 'Nobody looks at it again while service, network and people change.',
    remedy: 'Set "until" to a day within the next 90.',
    source: 'SR-67',
  },
  'RD-126': {
    ...refused,
    title: 'A silence is of a finding that cannot be silenced',
    risk: 'The finding leaves nothing to start with, or a secret that everybody knows.',
    remedy: 'Remove the silence and mend what it names.',
    source: 'SR-53',
  },
  'RD-127': {
    ...refused,
    title: 'Two silences are of the same finding',
    risk: 'Two reasons and two days: which of them holds, nobody decided.',
    remedy: 'Keep one.',
    source: 'SR-67',
  },
  'RD-128': {
    ...refused,
    severity: 'warning',
    title: 'A silence silences nothing',
    risk: 'It waits for the finding to come back, and hides it then.',
    remedy: 'Remove it.',
    source: 'SR-67',
  },
  'RD-129': {
    ...refused,
    title: 'A silence is not of the form',
    risk: 'A field that is not known, as "untill", was meant to do something and does not.',
    remedy:
      'Write each as { "id": "RD-103", "reason": "…", "until": "2027-01-31" }, with "subject" where only one subject is meant; the subject is what the report shows beside the number.',
    source: 'SR-53',
  },
} as const satisfies Record<FindingId, FindingKind>;
