import type { SecretReference } from '../references/secret-reference.ts';
import type { Secret } from '../secret.ts';
import type { LiveSecret, RefusalOutcome } from './live-secret.ts';
import type { SecretKind } from './secret-kind.ts';

/** A change that somebody wants to hear of. */
type Listener = () => void | Promise<void>;

/** How a secret is called, and what it is for. */
export interface WatchOptions {
  /** The setting that names it, such as `SIGNING_KEY`: metrics, statuses and events know it by this name. */
  readonly name: string;
  readonly kind: SecretKind;
}

/** What a watched secret is made of. */
export interface WatchedSecretOptions extends WatchOptions {
  readonly reference: SecretReference;
  readonly value: Secret;
  /** Asks the source of the whole document for another value. */
  readonly refuse: () => Promise<RefusalOutcome>;
  readonly onListenerError: (error: unknown) => void;
}

/** One secret of a document: its value, and who wants to hear of a change. */
export class WatchedSecret {
  readonly name: string;
  readonly kind: SecretKind;
  readonly reference: SecretReference;
  /** What its user sees of it: nobody changes a value but the document. */
  readonly live: LiveSecret;
  readonly #options: WatchedSecretOptions;
  readonly #listeners = new Set<{ readonly call: Listener }>();
  #value: Secret;

  constructor(options: WatchedSecretOptions) {
    this.#options = options;
    this.#value = options.value;
    this.name = options.name;
    this.kind = options.kind;
    this.reference = options.reference;
    this.live = Object.freeze({
      current: () => this.#value,
      subscribe: (listener: Listener) => this.#subscribe(listener),
      refused: (value: Secret) => this.#refused(value),
    });
  }

  /** Whether this text is the value. */
  holds(text: string): boolean {
    return this.#value.expose() === text;
  }

  /** Sets the value; {@link WatchedSecret.notify} tells of it, once all of the document have theirs. */
  replace(value: Secret): void {
    this.#value = value;
  }

  /** Calls each subscriber, and waits for none. */
  notify(): void {
    // Who subscribes when called hears of the next change; who was called before may have ended this subscription.
    const subscribed = [...this.#listeners];
    for (const listener of subscribed) {
      if (this.#listeners.has(listener)) void this.#call(listener.call);
    }
  }

  /** Ends all subscriptions. */
  end(): void {
    this.#listeners.clear();
  }

  #subscribe(call: Listener): () => void {
    const listener = { call };
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async #call(call: Listener): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.#options.onListenerError(error);
    }
  }

  #refused(value: Secret): Promise<RefusalOutcome> {
    return this.holds(value.expose()) ? this.#options.refuse() : Promise.resolve('changed');
  }
}
