import type { Socket } from 'node:net';

/** Something that is about to be passed on: what one end wrote at once. */
export interface Transfer {
  readonly direction: 'to-server' | 'from-server';
  readonly bytes: Uint8Array;
}

/** What becomes of a transfer: how many of its bytes arrive. */
type TransferVerdict = { readonly deliverBytes: number } | 'deliver';

/** Decides about a transfer at once. */
export type TransferListener = (transfer: Transfer) => TransferVerdict;

/** How the wire is just now. */
interface WireState {
  readonly delayMs: number;
  readonly listener: TransferListener | undefined;
}

/** One direction of one connection: passes on in order, now or later. */
export class WireDirection {
  readonly #to: Socket;
  readonly #name: Transfer['direction'];
  readonly #wire: WireState;
  /** What waits for its time, first to last; timers of different lengths must not overtake each other. */
  readonly #waiting: (() => void)[] = [];

  constructor(to: Socket, name: Transfer['direction'], wire: WireState) {
    this.#to = to;
    this.#name = name;
    this.#wire = wire;
  }

  /** Passes bytes on, as many of them as the listener lets through. */
  pass(bytes: Uint8Array): void {
    const verdict = this.#wire.listener?.({ direction: this.#name, bytes }) ?? 'deliver';
    const arriving = verdict === 'deliver' ? bytes : bytes.subarray(0, verdict.deliverBytes);
    if (arriving.length > 0) this.#later(() => this.#to.write(arriving));
  }

  /** Passes on that nothing more comes. */
  end(): void {
    this.#later(() => this.#to.end());
  }

  #later(act: () => void): void {
    if (this.#wire.delayMs === 0 && this.#waiting.length === 0) {
      act();
      return;
    }
    this.#waiting.push(act);
    setTimeout(() => this.#waiting.shift()?.(), this.#wire.delayMs);
  }
}
