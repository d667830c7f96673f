import type { SecretError, SecretErrorCode } from '../secret-error.ts';

/**
 * Who is told what happens to secrets, by the name of their setting: a log, metrics, security events. Nothing of a value
 * is in it. What a method throws is dropped, and stops nothing.
 */
export interface SecretObserver {
  /** There is a new value, and `current()` gives it. */
  changed(name: string): void;
  /** The first refresh has failed: told once, until {@link SecretObserver.recovered}. The error is safe to log. */
  refreshFailed(name: string, code: SecretErrorCode, error: SecretError): void;
  /** A refresh succeeded again, this long after the first one that failed. */
  recovered(name: string, outageMs: number): void;
  /** The lease has ended, and there is no new one: what the value opens may refuse it from now on. */
  leaseExpired(name: string): void;
  /** A version is older than its kind may be (SR-52): told once for each version, by each process. */
  ageLimitPassed(name: string): void;
  /** A subscriber threw or rejected with this, whose content nobody has vouched for. */
  listenerFailed(name: string, error: unknown): void;
}

/** The observer that the store talks to: a call that throws is dropped. */
export function sheltered(observer: SecretObserver): SecretObserver {
  const shelter =
    <Facts extends unknown[]>(tell: (...facts: Facts) => void) =>
    (...facts: Facts): void => {
      try {
        tell(...facts);
      } catch {
        // It is the observer that tells of faults: of its own it alone can. `statuses()` has the same facts.
      }
    };
  return {
    changed: shelter((name: string) => observer.changed(name)),
    refreshFailed: shelter((name: string, code: SecretErrorCode, error: SecretError) =>
      observer.refreshFailed(name, code, error),
    ),
    recovered: shelter((name: string, outageMs: number) => observer.recovered(name, outageMs)),
    leaseExpired: shelter((name: string) => observer.leaseExpired(name)),
    ageLimitPassed: shelter((name: string) => observer.ageLimitPassed(name)),
    listenerFailed: shelter((name: string, error: unknown) => observer.listenerFailed(name, error)),
  };
}
