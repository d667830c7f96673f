import { type IssuerDocumentError, IssuerUnavailableError } from '../errors.ts';
import type { FetchKeys } from './key-fetcher.ts';
import type { IssuerKey } from './issuer-key.ts';

/** How long fetched keys are used without asking again: 10 minutes (SR-15). A key that is withdrawn works no longer. */
const KEYS_FRESH_MS = 10 * 60 * 1000;
/** Pause between two attempts, whatever tokens come: 30 s (SR-15). */
const FETCH_COOLDOWN_MS = 30 * 1000;
/**
 * How long keys are used while the issuer cannot be asked: 24 hours, a night and a day to mend it. A key that is stolen
 * and withdrawn in that time still verifies here; an attacker who can also cut us off from the issuer gains no more.
 */
const KEYS_STALE_MS = 24 * 60 * 60 * 1000;

/** The keys of one issuer: fetched when a token needs them, and kept. */
export interface IssuerKeys {
  /** Grows when a key is gone or changed. */
  readonly version: number;
  /**
   * The key of that id, `undefined` when the issuer does not have it. Rejects with {@link IssuerUnavailableError} when
   * no keys are at hand.
   */
  find(kid: string): Promise<IssuerKey | undefined>;
  /**
   * Whether what the keys have proven still counts. While the issuer cannot be asked it does, as long as the keys are
   * not stale, and a next attempt is begun here when it is time.
   */
  areCurrent(): boolean;
}

/** What keys are kept with. */
export interface IssuerKeysOptions {
  readonly fetchKeys: FetchKeys;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of each attempt that failed, at most once in 30 s. */
  readonly onFault: (error: IssuerDocumentError) => void;
}

/**
 * Keeps the keys of an issuer (SR-15): fetched once for all who wait, used for 10 minutes, then asked for again. One
 * attempt in 30 s, however many unknown key ids come. When an attempt fails, the last good keys serve for 24 hours, and
 * nobody waits for the next attempts; without keys, nothing is proven.
 */
export class FetchedIssuerKeys implements IssuerKeys {
  readonly #options: IssuerKeysOptions;
  #keys: ReadonlyMap<string, IssuerKey> | undefined;
  #fetchedAtMs = 0;
  #attemptedAtMs: number | undefined;
  #lastAttempt: 'succeeded' | 'failed' = 'succeeded';
  #running: Promise<void> | undefined;
  #version = 0;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
  }

  get version(): number {
    return this.#version;
  }

  async find(kid: string): Promise<IssuerKey | undefined> {
    if (!this.areCurrent()) await this.#ask();
    const key = this.#demand().get(kid);
    if (key !== undefined) return key;
    await this.#ask();
    return this.#demand().get(kid);
  }

  areCurrent(): boolean {
    const ageMs = this.#elapsedSince(this.#fetchedAtMs);
    if (this.#keys === undefined || ageMs >= KEYS_STALE_MS) return false;
    if (ageMs < KEYS_FRESH_MS) return true;
    if (this.#lastAttempt === 'succeeded') return false;
    void this.#ask();
    return true;
  }

  /** Joins the attempt that is running, or begins one unless the last was a moment ago. Never rejects. */
  async #ask(): Promise<void> {
    if (this.#running === undefined && this.#cooldownMs() === 0) {
      this.#attemptedAtMs = this.#options.now();
      this.#running = this.#attempt().finally(() => {
        this.#running = undefined;
      });
    }
    await this.#running;
  }

  async #attempt(): Promise<void> {
    try {
      this.#take(await this.#options.fetchKeys());
      this.#lastAttempt = 'succeeded';
    } catch (error) {
      this.#lastAttempt = 'failed';
      this.#options.onFault(error as IssuerDocumentError);
    }
  }

  #take(keys: ReadonlyMap<string, IssuerKey>): void {
    const lost = [...(this.#keys ?? [])].some(([kid, { fingerprint }]) => keys.get(kid)?.fingerprint !== fingerprint);
    if (lost) this.#version += 1;
    this.#keys = keys;
    this.#fetchedAtMs = this.#options.now();
  }

  #demand(): ReadonlyMap<string, IssuerKey> {
    if (this.#keys !== undefined && this.#elapsedSince(this.#fetchedAtMs) < KEYS_STALE_MS) return this.#keys;
    throw new IssuerUnavailableError(Math.max(1, Math.ceil(this.#cooldownMs() / 1000)));
  }

  #cooldownMs(): number {
    if (this.#attemptedAtMs === undefined) return 0;
    return Math.max(0, FETCH_COOLDOWN_MS - this.#elapsedSince(this.#attemptedAtMs));
  }

  /** A clock that was set back makes everything old at once, not new for hours. */
  #elapsedSince(instantMs: number): number {
    const elapsedMs = this.#options.now() - instantMs;
    return elapsedMs < 0 ? KEYS_STALE_MS - 1 : elapsedMs;
  }
}
