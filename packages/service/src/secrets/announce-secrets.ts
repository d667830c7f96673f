import type { Logger, SecurityEventLog, SecurityEventName } from '@redoubt/logging';
import type { SecretObserver } from '@redoubt/secrets';
import type { SecretCounters } from '@redoubt/server';

/** Facts that wait until there is somewhere to write them: a process has a handful of secrets. */
const MAX_WAITING_EVENTS = 100;

/** Tells the log, the metrics and the security events what happens to secrets (SR-45, SR-52). */
export interface SecretAnnouncer {
  readonly observer: SecretObserver;
  /**
   * Raises what has happened so far, and from now on at once: the events are written to the database, whose password is
   * itself a secret that was read before.
   */
  connect(events: SecurityEventLog): void;
}

/** Makes what the store of secrets tells of itself to. */
export function createSecretAnnouncer(logger: Logger, counters: SecretCounters): SecretAnnouncer {
  const waiting: (readonly [SecurityEventName, Readonly<Record<string, string>>])[] = [];
  let events: SecurityEventLog | undefined;
  const raise = (name: SecurityEventName, details: Readonly<Record<string, string>>): void => {
    if (events !== undefined) events.raise(name, { details });
    else if (waiting.length < MAX_WAITING_EVENTS) waiting.push([name, details]);
  };
  const expired = (setting: string, reason: 'lease' | 'age'): void => raise('sys_secret_expired', { setting, reason });
  return {
    observer: {
      changed(setting) {
        counters.countChange(setting);
        raise('sys_secret_rotated', { setting });
      },
      refreshFailed(setting, code, error) {
        counters.countRefreshFailure(setting, code);
        logger.warn({ setting, code, err: error }, 'a secret could not be refreshed; its last value stays');
        raise('sys_secret_refresh_failed', { setting, code });
      },
      recovered: (setting, outageMs) => logger.info({ setting, outageMs }, 'a secret is refreshed again'),
      leaseExpired: (setting) => expired(setting, 'lease'),
      ageLimitPassed: (setting) => expired(setting, 'age'),
      listenerFailed: (setting, error) =>
        logger.error({ setting, err: error }, 'a part of the service did not take a new secret'),
    },
    connect(log) {
      events = log;
      for (const [name, details] of waiting.splice(0)) log.raise(name, { details });
    },
  };
}
