const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * What a secret is for, and how old it may be (SR-52). Past the limit it goes on working: the age is a metric, an alert
 * and a security event, for a secret that is old is better than none.
 */
export const secretAgeLimitsMs = {
  /** As long as ASP.NET Data Protection keeps a key by default. */
  'signing-key': 90 * DAY_MS,
  'database-password': 30 * DAY_MS,
  'tls-key': 90 * DAY_MS,
  /** A rotation means that old backups need the old key for as long as they are kept. */
  'backup-key': 365 * DAY_MS,
  /**
   * For an account at another server: mail, the shared store. As long as a key: nothing rotates it by itself, so that a
   * person comes with a new one, and a limit that people cannot keep is a limit that nobody looks at.
   */
  password: 90 * DAY_MS,
} as const satisfies Record<string, number>;

/** What a secret is for. */
export type SecretKind = keyof typeof secretAgeLimitsMs;
