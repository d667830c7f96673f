/** How urgent an event is: `critical` events are answered by a person. */
export type SecurityEventSeverity = 'info' | 'warning' | 'critical';

/** One kind of event. */
export interface SecurityEventKind {
  readonly severity: SecurityEventSeverity;
  /** What has happened, in one line. */
  readonly meaning: string;
}

/**
 * The security events of the service (SR-45), named as in the OWASP Application Logging Vocabulary, with its severities
 * but for two: a crash is critical here, and a refused access is a warning, because repetition makes it an attack and
 * a detection counts it (SR-46). The vocabulary has no names for the rotation of the service's own secrets (SR-52):
 * `sys_secret_…` are additions of this project.
 */
export const securityEventCatalogue = {
  authn_login_success: { severity: 'info', meaning: 'A user signed in' },
  authn_login_successafterfail: { severity: 'info', meaning: 'A user signed in after failed attempts' },
  authn_login_fail: { severity: 'warning', meaning: 'A sign-in was refused' },
  authn_login_lock: { severity: 'warning', meaning: 'Failed sign-ins locked an account' },
  authn_password_change: { severity: 'info', meaning: 'A user changed the password' },
  authn_token_created: { severity: 'info', meaning: 'A token was issued' },
  authn_token_revoked: { severity: 'info', meaning: 'A token was revoked before its end' },
  authn_token_reuse: { severity: 'critical', meaning: 'A token was used that had been used up or revoked' },
  authz_fail: { severity: 'warning', meaning: 'A caller was refused what the access rule does not grant' },
  authz_change: { severity: 'warning', meaning: 'What a user may do was changed' },
  authz_admin: { severity: 'warning', meaning: 'An administrator acted with administrative rights' },
  excess_rate_limit_exceeded: { severity: 'warning', meaning: 'A caller exceeded a rate limit' },
  input_validation_fail: { severity: 'warning', meaning: 'A request did not match the schema of its route' },
  malicious_cors: { severity: 'critical', meaning: 'A foreign origin asked for a cross-origin answer' },
  malicious_excess_404: { severity: 'warning', meaning: 'One address asked for many things that do not exist' },
  malicious_extraneous: { severity: 'critical', meaning: 'A request carried fields that no client of ours sends' },
  session_created: { severity: 'info', meaning: 'A session began' },
  session_expired: { severity: 'info', meaning: 'A session reached its end' },
  session_use_after_expire: { severity: 'critical', meaning: 'A session was used after its end' },
  sys_startup: { severity: 'warning', meaning: 'The service started' },
  sys_shutdown: { severity: 'warning', meaning: 'The service was stopped' },
  sys_crash: { severity: 'critical', meaning: 'The service ended by an error that nothing handled' },
  sys_secret_rotated: { severity: 'info', meaning: 'A secret of the service has a new value' },
  sys_secret_refresh_failed: { severity: 'warning', meaning: 'A secret could not be refreshed; its last value stays' },
  sys_secret_expired: { severity: 'critical', meaning: 'A secret outlived its lease or the age limit of its kind' },
  user_created: { severity: 'warning', meaning: 'A user was created' },
  user_updated: { severity: 'warning', meaning: 'A user was changed' },
  privilege_permissions_changed: { severity: 'warning', meaning: 'The permissions on a resource were changed' },
} as const satisfies Record<string, SecurityEventKind>;

/** The name of an event in the catalogue. */
export type SecurityEventName = keyof typeof securityEventCatalogue;
