import { inspect } from 'node:util';

/** What stands in a log, an error or a document where a secret was printed. */
export const REDACTED = '[redacted]';

/**
 * A value that leaves only through {@link Secret.expose}, so that each use of it can be found by name.
 *
 * Every way to print, serialise, copy or enumerate it gives `[redacted]` or nothing (SR-51). A debugger, a heap
 * snapshot and whoever holds the exposed value still see it.
 */
export class Secret<T = string> {
  // A #field, not a `private` one: no reflection reaches it, and structured clones leave it behind.
  readonly #value: T;

  private constructor(value: T) {
    this.#value = value;
    Object.freeze(this);
  }

  /** Wraps a value. The caller's own reference to it stays as printable as before. */
  static of<T>(value: T): Secret<T> {
    return new Secret(value);
  }

  /** The value itself: hand it to what needs it, and keep it nowhere. */
  expose(): T {
    return this.#value;
  }

  /** Always `[redacted]`. */
  toString(): string {
    return REDACTED;
  }

  /** Always `[redacted]`. */
  toJSON(): string {
    return REDACTED;
  }

  /** Always `[redacted]`, whichever type was asked for; as a number that is `NaN`. */
  [Symbol.toPrimitive](): string {
    return REDACTED;
  }

  /** Always `[redacted]`: for `util.inspect`, `util.format` and the console. */
  [inspect.custom](): string {
    return REDACTED;
  }
}
