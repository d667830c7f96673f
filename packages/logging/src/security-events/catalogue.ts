/** How urgent an event is: `critical` events are answered by a person. */
export type SecurityEventSeverity = 'info' | 'warning' | 'critical';

/** What an event can tell beside its name, time and details. */
export type SecurityEventField = 'actorId' | 'subjectId' | 'clientAddress' | 'requestId';

/** One kind of event. */
export interface SecurityEventKind {
  readonly severity: SecurityEventSeverity;
  /** What has happened, in one line. */
  readonly meaning: string;
  /** What it tells where it is known: an anonymous caller has no id. */
  readonly fields: readonly SecurityEventField[];
  /** The names that its details can have. */
  readonly details: readonly string[];
}

const ACTOR = ['actorId', 'clientAddress', 'requestId'] as const;
const ACTOR_AND_SUBJECT = ['actorId', 'subjectId', 'clientAddress', 'requestId'] as const;
const PROCESS = [] as const;

/**
 * The security events of the service (SR-45), named as in the OWASP Application Logging Vocabulary, with its severities
 * but for three: a crash is critical here; a refused access is a warning, because repetition makes it an attack and a
 * detection counts it (SR-46); so is a field that nobody knows, because an old client sends one, too. Names that begin
 * with `alert_` are the project's own: each is raised by a detection. The vocabulary has no names for the rotation of the service's own
 * secrets (SR-52), either: `sys_secret_…` are additions, too.
 */
export const securityEventCatalogue = {
  authn_login_success: { severity: 'info', meaning: 'A user signed in', fields: ACTOR, details: [] },
  authn_login_successafterfail: {
    severity: 'info',
    meaning: 'A user gave the right password after failed attempts',
    fields: ACTOR,
    details: [],
  },
  authn_login_fail: {
    severity: 'warning',
    meaning: 'A password was refused',
    fields: ['subjectId', 'clientAddress', 'requestId'],
    details: ['account', 'reason'],
  },
  authn_login_lock: {
    severity: 'warning',
    meaning: 'Failed sign-ins locked an account',
    fields: ['subjectId', 'clientAddress', 'requestId'],
    details: ['reason'],
  },
  authn_password_change: { severity: 'info', meaning: 'A user changed the password', fields: ACTOR, details: ['by'] },
  authn_token_created: { severity: 'info', meaning: 'An access token was issued', fields: ACTOR, details: ['session'] },
  authn_token_revoked: {
    severity: 'info',
    meaning: 'Sessions and their tokens were ended on demand',
    fields: ACTOR_AND_SUBJECT,
    details: ['reason', 'sessions'],
  },
  authn_token_reuse: {
    severity: 'critical',
    meaning: 'A refresh token or a signed request came a second time',
    fields: ACTOR,
    details: ['session', 'proof'],
  },
  authz_fail: {
    severity: 'warning',
    meaning: 'A caller was refused what the access rule does not grant',
    fields: ACTOR,
    details: ['rule', 'reason', 'route'],
  },
  authz_change: {
    severity: 'warning',
    meaning: 'What a user may do was changed',
    fields: ACTOR_AND_SUBJECT,
    details: ['from', 'to'],
  },
  authz_admin: {
    severity: 'warning',
    meaning: 'An administrator was let in by an administrative permission',
    fields: ACTOR,
    details: ['rule', 'route'],
  },
  excess_rate_limit_exceeded: {
    severity: 'warning',
    meaning: 'A caller exceeded a rate limit',
    fields: ACTOR,
    details: ['limit'],
  },
  input_validation_fail: {
    severity: 'warning',
    meaning: 'A request was not valid JSON, or did not match the schema of its route',
    fields: ACTOR,
    details: ['route'],
  },
  malicious_cors: {
    severity: 'critical',
    meaning: 'A foreign origin asked with a preflight or with credentials',
    fields: ACTOR,
    details: ['asked'],
  },
  malicious_excess_404: {
    severity: 'warning',
    meaning: 'One address asked for many things that do not exist',
    fields: ACTOR,
    details: ['count'],
  },
  malicious_extraneous: {
    severity: 'warning',
    meaning: 'A request carried a field or a form that no client of ours sends',
    fields: ACTOR,
    details: ['route'],
  },
  session_created: { severity: 'info', meaning: 'A session began', fields: ACTOR, details: ['session'] },
  session_expired: { severity: 'info', meaning: 'A session reached its end', fields: ACTOR, details: ['session'] },
  session_use_after_expire: {
    severity: 'critical',
    meaning: 'A session was used after its end had been told',
    fields: ACTOR,
    details: ['session'],
  },
  sys_startup: { severity: 'warning', meaning: 'The service started', fields: PROCESS, details: [] },
  sys_shutdown: { severity: 'warning', meaning: 'The service was stopped', fields: PROCESS, details: ['reason'] },
  sys_crash: {
    severity: 'critical',
    meaning: 'The service ended by an error that nothing handled',
    fields: PROCESS,
    details: ['reason'],
  },
  sys_secret_rotated: {
    severity: 'info',
    meaning: 'A secret of the service has a new value',
    fields: PROCESS,
    details: ['setting'],
  },
  sys_secret_refresh_failed: {
    severity: 'warning',
    meaning: 'A secret could not be refreshed; its last value stays',
    fields: PROCESS,
    details: ['setting', 'code'],
  },
  sys_secret_expired: {
    severity: 'critical',
    meaning: 'A secret outlived its lease or the age limit of its kind',
    fields: PROCESS,
    details: ['setting', 'reason'],
  },
  user_created: { severity: 'warning', meaning: 'A user was created', fields: ACTOR_AND_SUBJECT, details: [] },
  user_updated: {
    severity: 'warning',
    meaning: 'A user was changed',
    fields: ACTOR_AND_SUBJECT,
    details: ['change', 'disabled'],
  },
  alert_password_guessing: {
    severity: 'critical',
    meaning: 'Many passwords were tried on one account',
    fields: ACTOR_AND_SUBJECT,
    details: ['count', 'account'],
  },
  alert_password_spraying: {
    severity: 'critical',
    meaning: 'One address tried passwords on many accounts',
    fields: ['clientAddress', 'requestId'],
    details: ['count', 'accounts'],
  },
  alert_token_reuse: {
    severity: 'critical',
    meaning: 'A token was used twice: one of its holders may have stolen it',
    fields: ACTOR_AND_SUBJECT,
    details: ['count'],
  },
  alert_role_grant: {
    severity: 'critical',
    meaning: 'Somebody was given another role',
    fields: ACTOR_AND_SUBJECT,
    details: ['count'],
  },
  alert_privilege_escalation: {
    severity: 'critical',
    meaning: 'One caller tried many things that are not granted',
    fields: ACTOR_AND_SUBJECT,
    details: ['count'],
  },
} as const satisfies Record<string, SecurityEventKind>;

/** The name of an event in the catalogue. */
export type SecurityEventName = keyof typeof securityEventCatalogue;
