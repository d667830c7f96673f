import { Secret } from '../secret.ts';
import { selectField } from '../select-field.ts';
import type { SecretObserver } from './secret-observer.ts';
import type { WatchedSecret } from './watched-secret.ts';

/** The secrets that are watched in one document: they change together, or not at all. */
export class WatchedValues implements Iterable<WatchedSecret> {
  readonly #secrets = new Set<WatchedSecret>();
  readonly #observer: SecretObserver;
  #changes = 0;

  constructor(observer: SecretObserver) {
    this.#observer = observer;
  }

  add(secret: WatchedSecret): void {
    this.#secrets.add(secret);
  }

  [Symbol.iterator](): Iterator<WatchedSecret> {
    return this.#secrets.values();
  }

  /** How often a value has changed. */
  get changes(): number {
    return this.#changes;
  }

  /**
   * Whether two texts of the document differ in a value that is watched.
   *
   * @throws {SecretError} when one of them lacks such a value.
   */
  differ(one: string, other: string): boolean {
    return [...this.#secrets].some(({ reference }) => selectField(reference, one) !== selectField(reference, other));
  }

  /**
   * Takes every value from this text of the document, in one turn. Returns what tells of those that are new.
   *
   * @throws {SecretError} when a value is missing, empty or faulty; then all stay as they are.
   */
  take(text: string): () => void {
    const selected = [...this.#secrets].map((secret) => ({ secret, value: selectField(secret.reference, text) }));
    const changed = selected.filter(({ secret, value }) => !secret.holds(value));
    if (changed.length > 0) this.#changes += 1;
    for (const { secret, value } of changed) secret.replace(Secret.of(value));
    return () => {
      for (const { secret } of changed) this.#observer.changed(secret.name);
      for (const { secret } of changed) secret.notify();
    };
  }
}
