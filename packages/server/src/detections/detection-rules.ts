import type { SecurityEventName } from '@redoubt/logging';

/** All windows are of this length (SR-46): milliseconds, 5 minutes. */
const WINDOW_MS = 300_000;

/** What a rule counts: an event, or an answer 404, of which there are too many to be events. */
export type SignalName = SecurityEventName | 'not_found';

/** One kind of attack that shows in numbers. */
export interface DetectionRule {
  /** As metrics and alert rules name it. */
  readonly name: string;
  readonly counts: SignalName;
  /** Whose signals are counted together; an address is a whole IPv4 address or an IPv6 /64. */
  readonly per: 'account' | 'actor' | 'address' | 'subject';
  /** Signals in the window that make an alert. */
  readonly threshold: number;
  readonly windowMs: number;
  /** Different accounts that there must be among them. */
  readonly accounts?: number;
  /** The event that is the alert. */
  readonly raises: SecurityEventName;
}

/**
 * The detections of the service, with the numbers of SR-46. The same rules stand in `deploy/alerts/` for a team's own
 * monitoring. Silence is not among them: who is silent cannot say so.
 */
export const detectionRules = [
  {
    name: 'password_guessing',
    counts: 'authn_login_fail',
    per: 'account',
    threshold: 10,
    windowMs: WINDOW_MS,
    raises: 'alert_password_guessing',
  },
  {
    name: 'password_spraying',
    counts: 'authn_login_fail',
    per: 'address',
    threshold: 50,
    windowMs: WINDOW_MS,
    accounts: 20,
    raises: 'alert_password_spraying',
  },
  {
    name: 'token_reuse',
    counts: 'authn_token_reuse',
    per: 'actor',
    threshold: 1,
    windowMs: WINDOW_MS,
    raises: 'alert_token_reuse',
  },
  {
    name: 'role_grant',
    counts: 'authz_change',
    per: 'subject',
    threshold: 1,
    windowMs: WINDOW_MS,
    raises: 'alert_role_grant',
  },
  {
    name: 'privilege_escalation',
    counts: 'authz_fail',
    per: 'actor',
    threshold: 20,
    windowMs: WINDOW_MS,
    raises: 'alert_privilege_escalation',
  },
  {
    name: 'scanning',
    counts: 'not_found',
    per: 'address',
    threshold: 100,
    windowMs: WINDOW_MS,
    raises: 'malicious_excess_404',
  },
] as const satisfies readonly DetectionRule[];
