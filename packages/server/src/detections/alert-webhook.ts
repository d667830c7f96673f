import { DeliveryQueue, type Logger, type SecurityEvent } from '@redoubt/logging';
import { type OutboundClient, OutboundError, type OutboundRequest } from '@redoubt/outbound';

/** Alerts that wait at most: a storm of them says nothing that the first hundred do not. */
const MAX_QUEUED_ALERTS = 100;

/** Pauses before the tries after the first: milliseconds. Half a minute in all, for a receiver that restarts. */
const RETRY_PAUSES_MS = [1_000, 3_000, 9_000, 18_000] as const;

/** All tries of one alert together: milliseconds. A receiver that hangs must not hold the others for longer. */
const ALERT_DEADLINE_MS = 60_000;

/** One try: milliseconds. */
const TRY_DEADLINE_MS = 5_000;

/** What the end of the process leaves for alerts that wait: milliseconds, a part of the 8 s after the listener (SR-38). */
const CLOSE_DEADLINE_MS = 2_000;

/** What is read of an answer: nothing of it is used. */
const MAX_ANSWER_BYTES = 16 * 1024;

/** RFC 9110 and RFC 6585: the receiver asks to try again. Other refusals will not change by a second try. */
const RETRIED_STATUS = new Set([408, 425, 429]);

/** What `createAlertWebhook` needs. */
export interface AlertWebhookOptions {
  /** A client that may call the address and signs what it sends (SR-42). */
  readonly client: OutboundClient;
  readonly url: string;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of each alert that was not delivered. */
  readonly onLost: () => void;
  /** Resolves after so many milliseconds, or at once when the signal says so. Default: a timer. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Hands alerts to whoever is on duty. */
export interface AlertWebhook {
  /** Queues an alert; returns without waiting, and never throws. */
  send(alert: SecurityEvent): void;
  /** Gives each alert that waits one more try, without pauses, and closes the client. */
  close(): Promise<void>;
}

/**
 * Makes the webhook: a POST of the event as JSON for each alert, one after the other, tried up to five times within a
 * minute. The event's `id` is the same in each try, so that the receiver can tell them. What is not delivered is logged
 * and counted, and stays in the log and in the audit table; no request waits for any of it.
 */
export function createAlertWebhook(options: AlertWebhookOptions): AlertWebhook {
  const { client, logger, onLost } = options;
  const closing = new AbortController();
  const givenUp = new AbortController();
  const lose = (alert: SecurityEvent, error: unknown): void => {
    onLost();
    logger.error({ err: error, eventId: alert.id, eventName: alert.name }, 'an alert did not reach the webhook');
  };
  const queue = new DeliveryQueue<SecurityEvent>({
    maxItems: MAX_QUEUED_ALERTS,
    deliver: async ([alert]) => {
      if (alert !== undefined) await deliver(alert, options, { closing: closing.signal, givenUp: givenUp.signal });
    },
    onFailure: ([alert], error) => {
      if (alert !== undefined) lose(alert, error);
    },
    onOverflow: () =>
      logger.error({ maxQueuedAlerts: MAX_QUEUED_ALERTS }, 'alerts are dropped: the webhook is too slow'),
  });
  return {
    send(alert) {
      const { dropped } = queue.counts;
      queue.add(alert);
      if (queue.counts.dropped > dropped) onLost();
    },
    async close() {
      closing.abort();
      const timer = setTimeout(() => givenUp.abort(), CLOSE_DEADLINE_MS);
      await queue.settled();
      clearTimeout(timer);
      await client.close();
    },
  };
}

/** What ends the pauses, and what ends the tries. */
interface Ends {
  readonly closing: AbortSignal;
  readonly givenUp: AbortSignal;
}

/** Tries until it is taken, refused for good, or too late. */
async function deliver(
  alert: SecurityEvent,
  { client, url, now, pause = wait }: AlertWebhookOptions,
  { closing, givenUp }: Ends,
): Promise<void> {
  const endsAt = now() + ALERT_DEADLINE_MS;
  const body = JSON.stringify(alert);
  for (const pauseMs of [...RETRY_PAUSES_MS, undefined]) {
    const fault = await attempt(client, { url, body, signal: givenUp });
    if (fault === undefined) return;
    const isLast = pauseMs === undefined || closing.aborted || now() + pauseMs >= endsAt;
    if (!fault.isPassing || isLast) throw fault.error;
    await pause(pauseMs, closing);
  }
}

interface Fault {
  readonly error: Error;
  /** Whether another try may succeed. */
  readonly isPassing: boolean;
}

async function attempt(
  client: OutboundClient,
  call: Pick<OutboundRequest, 'url' | 'body' | 'signal'>,
): Promise<Fault | undefined> {
  try {
    const { status } = await client.request({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...call,
      deadlineMs: TRY_DEADLINE_MS,
      maxResponseBytes: MAX_ANSWER_BYTES,
    });
    if (status >= 200 && status < 300) return undefined;
    return {
      error: new Error(`the webhook answered ${status}`),
      isPassing: status >= 500 || RETRIED_STATUS.has(status),
    };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return { error, isPassing: error.code === 'timeout' || error.code === 'connection' || error.code === 'busy' };
  }
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const end = (): void => {
    clearTimeout(timer);
    resolve();
  };
  signal.addEventListener('abort', end, { once: true });
  return promise;
}
