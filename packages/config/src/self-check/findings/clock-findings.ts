import type { FindingId, FindingKind } from '../finding.ts';

/** What can be wrong with the time: RD-099 and RD-110 (SR-6). */
export const clockFindings = {
  'RD-099': {
    area: 'process',
    severity: 'warning',
    silencing: 'allowed',
    title: 'The clocks of service and database differ by more than 5 seconds',
    risk: 'Tokens, sessions and limits are counted by the one and stored by the other. Replicas that drift apart disagree about what has expired, and logs cannot be put in order.',
    remedy:
      'Let both machines follow one source of time: chrony or systemd-timesyncd, or the one of the cloud. See the offset with chronyc tracking.',
    source: 'SR-6, SR-45',
  },
  'RD-110': {
    area: 'process',
    severity: 'error',
    silencing: 'allowed',
    title: 'The clocks of service and database differ by more than 30 seconds',
    risk: 'That is more than a token forgives: a replica refuses what another one issued just now, or takes what has ended. Signed requests fail or can be replayed, certificates count as expired, and one-time tokens live longer than they should.',
    remedy:
      'Set the clock that is wrong (chronyc makestep), and find out why nothing had set it: a stopped service, a firewall on port 123, a machine that was suspended.',
    source: 'SR-6, SR-42',
  },
} as const satisfies Record<FindingId, FindingKind>;
