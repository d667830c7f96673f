import type { Logger } from '@redoubt/logging';
import type { Metrics } from '@redoubt/server';

import { type AuditHead, formatAuditHead } from './audit-chain.ts';

/** Five beats in the time after which silence is an alert (SR-46): milliseconds, a minute. */
const INTERVAL_MS = 60_000;

/** What `startHeartbeat` needs. */
export interface HeartbeatOptions {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'beat'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where the audit table stood when this replica last wrote to it. */
  readonly auditHead: () => AuditHead | undefined;
}

/** A heartbeat that goes on until it is stopped. */
export interface Heartbeat {
  /** Beats once more and stops. */
  stop(): void;
}

/**
 * Writes a line a minute, so that a log which says nothing is a log that is lost, and puts the time of it into a metric.
 * The line notes the head of the audit table where nobody reaches it through the database: with it the verifier finds
 * that the newest rows were cut off (SR-48).
 */
export function startHeartbeat({ logger, metrics, now, auditHead }: HeartbeatOptions): Heartbeat {
  const beat = (): void => {
    const head = auditHead();
    logger.info(head === undefined ? {} : { auditHead: formatAuditHead(head) }, 'heartbeat');
    metrics.beat(Math.floor(now() / 1000), head === undefined ? undefined : Number(head.sequence));
  };
  beat();
  const timer = setInterval(beat, INTERVAL_MS);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      beat();
    },
  };
}
