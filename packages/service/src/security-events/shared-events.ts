import type { SecurityEventLog } from '@redoubt/logging';

/** What these events know of a request: where it came from. */
interface Source {
  readonly clientAddress: string;
}

/** A caller, or an address, went over a limit: each of them is told of once a window by who counts. */
export function raiseLimitExceeded(
  securityEvents: SecurityEventLog,
  { clientAddress }: Source,
  limit: string,
  actor: { readonly actorId?: string } = {},
): void {
  securityEvents.raise('excess_rate_limit_exceeded', { ...actor, clientAddress, details: { limit } });
}

/** Something that proves its bearer once came a second time. */
export function raiseTokenReuse(
  securityEvents: SecurityEventLog,
  { clientAddress }: Source,
  actorId: string | undefined,
  details: { readonly session: string } | { readonly proof: 'signature' },
): void {
  securityEvents.raise('authn_token_reuse', {
    ...(actorId === undefined ? {} : { actorId }),
    clientAddress,
    details,
  });
}
