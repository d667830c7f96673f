import type { FindingId, FindingKind } from '../finding.ts';

/** What can be left of a profile of deploy/profiles: RD-130 to RD-139. */
export const profileFindings = {
  'RD-130': {
    area: 'settings',
    severity: 'error',
    severityInDevelopment: 'error',
    silencing: 'refused',
    title: 'A setting still has the placeholder of a profile',
    risk: 'The file was taken over before somebody decided what belongs there. A service that starts all the same trusts, or asks, whoever goes by the name of a placeholder.',
    remedy:
      'Put the value in place of the words in angle brackets, and the brackets; docs/profiles.md says whose it is to know.',
    source: 'SR-53, docs/decisions/029-profiles.md',
  },
} as const satisfies Record<FindingId, FindingKind>;
