import { DeliveryQueue, type Logger } from '@redoubt/logging';
import type { FastifyReply } from 'fastify';

/** Mails that wait at most: some minutes of a slow server, and about 1 MiB. */
const MAX_WAITING = 1000;

/** One mail to be made and sent: looks up whom it is for, decides whether it is sent, and sends it. */
type MailJob = () => Promise<void>;

/**
 * Makes and sends mails after the request that causes them has been answered: neither a lookup, nor a token, nor a slow
 * server can be seen in the time of an answer (SR-14). Bounded: what does not fit is dropped. Each failure is logged and
 * counted, an overflow is logged; nothing is tried again, because the person can ask again.
 */
export class Outbox {
  readonly #queue: DeliveryQueue<MailJob>;

  constructor(logger: Logger, onLost: () => void) {
    this.#queue = new DeliveryQueue<MailJob>({
      maxItems: MAX_WAITING,
      deliver: async (jobs) => {
        for (const job of jobs) await job();
      },
      onFailure: (_jobs, error) => {
        onLost();
        logger.error({ err: error }, 'a mail was not sent');
      },
      onOverflow: () => logger.error({ maxWaiting: MAX_WAITING }, 'mails are dropped: the mail server is too slow'),
    });
  }

  /** Runs the job once the answer has left, whatever has become of it. */
  afterAnswer(reply: FastifyReply, job: MailJob): void {
    let isQueued = false;
    const queue = (): void => {
      if (isQueued) return;
      isQueued = true;
      this.#queue.add(job);
    };
    // `finish` when the answer was handed over, `close` alone when the client went away before.
    reply.raw.once('finish', queue);
    reply.raw.once('close', queue);
  }

  /** Resolves when every mail queued so far has been sent or has failed. */
  settled(): Promise<void> {
    return this.#queue.settled();
  }
}
