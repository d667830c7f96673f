/** What came of it: messages of the new connection follow those of the old one, or something went wrong. */
export type HandoverOutcome = 'completed' | 'failed';

/**
 * Says which messages are delivered while one connection takes over from another that listens to the same channels.
 *
 * Both receive a marker, which stands at the same point of the server's order: what comes before it is taken from the
 * old connection, what comes after it from the new one. So nothing is lost, and nothing comes twice.
 */
export class MessageHandover {
  /** The channel on which the marker is sent. */
  readonly marker: string;
  /** Settles, and never rejects, once both connections have received the marker, or one of them was lost. */
  readonly outcome: Promise<HandoverOutcome>;
  readonly #deliver: (channel: string, message: string) => void;
  readonly #settle: (outcome: HandoverOutcome) => void;
  #held: (readonly [channel: string, message: string])[] = [];
  #old: 'delivers' | 'done' = 'delivers';
  #new: 'waits' | 'begun' = 'waits';

  constructor(marker: string, deliver: (channel: string, message: string) => void) {
    this.marker = marker;
    this.#deliver = deliver;
    const { promise, resolve } = Promise.withResolvers<HandoverOutcome>();
    this.outcome = promise;
    this.#settle = resolve;
  }

  /** Takes a message that the old connection received. */
  receivedByOld(channel: string, message: string): void {
    if (this.#old === 'done') return;
    if (channel === this.marker) this.#endOld();
    else this.#deliver(channel, message);
  }

  /** Takes a message that the new connection received. */
  receivedByNew(channel: string, message: string): void {
    if (channel === this.marker) this.#beginNew();
    else if (this.#new === 'begun') this.#deliverAfterOld(channel, message);
  }

  /** One of the connections is gone. */
  fail(): void {
    this.#settle('failed');
  }

  #endOld(): void {
    this.#old = 'done';
    for (const [channel, message] of this.#held) this.#deliver(channel, message);
    this.#held = [];
    this.#completeOnceBothAre();
  }

  #beginNew(): void {
    this.#new = 'begun';
    this.#completeOnceBothAre();
  }

  #deliverAfterOld(channel: string, message: string): void {
    if (this.#old === 'done') this.#deliver(channel, message);
    else this.#held.push([channel, message]);
  }

  #completeOnceBothAre(): void {
    if (this.#old === 'done' && this.#new === 'begun') this.#settle('completed');
  }
}
