/** One dependency that the service cannot work without. */
export interface HealthCheck {
  /** As the ready probe shows it, such as `database`. */
  readonly name: string;
  /** Rejects when the dependency does not answer. */
  check(): Promise<void>;
}

/** What became of one check. */
export interface DependencyStatus {
  readonly name: string;
  readonly status: 'ok' | 'failed';
}

/** A probe that takes longer is a failed one: orchestrators give up after a second or two. */
const HEALTH_CHECK_TIMEOUT_MS = 1000;

/** Runs all checks at once. Never rejects: a check that fails or takes too long is `failed`. */
export function runHealthChecks(checks: readonly HealthCheck[]): Promise<DependencyStatus[]> {
  return Promise.all(checks.map(async (check) => ({ name: check.name, status: await runHealthCheck(check) })));
}

async function runHealthCheck(check: HealthCheck): Promise<'ok' | 'failed'> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('the check took too long')), HEALTH_CHECK_TIMEOUT_MS);
  try {
    await Promise.race([check.check(), overdue]);
    return 'ok';
  } catch {
    // The answer itself is the report; who runs the service sees which dependency it was.
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}
