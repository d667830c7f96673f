import type { SecretLease, SecretReading } from '../providers/secret-provider.ts';
import { formatReference } from '../references/format-reference.ts';
import type { SecretReference } from '../references/secret-reference.ts';
import type { SecretError } from '../secret-error.ts';
import { Secret } from '../secret.ts';
import { selectField } from '../select-field.ts';
import { HeldLease } from './held-lease.ts';
import type { LiveSecret, RefusalOutcome } from './live-secret.ts';
import { Outage } from './outage.ts';
import type { Scheduler } from './scheduler.ts';
import { secretAgeLimitsMs } from './secret-kind.ts';
import type { SecretObserver } from './secret-observer.ts';
import type { SecretStatus } from './secret-status.ts';
import { type WatchOptions, WatchedSecret } from './watched-secret.ts';
import { WatchedValues } from './watched-values.ts';

/** What a held document needs of the outside. */
export interface HeldDocumentOptions {
  /** As statuses name it. */
  readonly document: string;
  readonly observer: SecretObserver;
  readonly scheduler: Scheduler;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The last good reading of a document, the values taken from it, and how its source is doing. It asks nobody. */
export class HeldDocument {
  readonly lease: HeldLease;
  readonly #options: HeldDocumentOptions;
  readonly #values: WatchedValues;
  readonly #outage = new Outage();
  /** The version that was told to be too old, by whose secret it is. */
  readonly #toldOld = new Map<WatchedSecret, number>();
  #reading: SecretReading;
  /** The current version, while a pending one is in use in its place. */
  #refused: SecretReading | undefined;
  #createdAtMs: number | undefined;
  #readAtMs = 0;

  constructor(reading: SecretReading, options: HeldDocumentOptions) {
    this.#options = options;
    this.#values = new WatchedValues(options.observer);
    this.lease = new HeldLease({ ...options, onExpired: () => this.#tellExpired() });
    this.#reading = reading;
    this.takeCurrent(reading);
  }

  /**
   * Watches one more secret of the document.
   *
   * @throws {SecretError} when the reading that is held has no such value.
   */
  add(reference: SecretReference, options: WatchOptions, refuse: () => Promise<RefusalOutcome>): LiveSecret {
    const { observer } = this.#options;
    const value = Secret.of(selectField(reference, this.#reading.text));
    const onListenerError = (error: unknown): void => observer.listenerFailed(options.name, error);
    const secret = new WatchedSecret({ ...options, reference, value, refuse, onListenerError });
    this.#values.add(secret);
    this.#tellOld();
    return secret.live;
  }

  /** How often a value has changed. */
  get changes(): number {
    return this.#values.changes;
  }

  get failures(): number {
    return this.#outage.failures;
  }

  get stage(): SecretStatus['stage'] {
    return this.#refused === undefined ? 'current' : 'pending';
  }

  /**
   * Takes what the source calls current. A pending version in use stays as long as the current one is the one refused.
   *
   * @throws {SecretError} when a value is missing, empty or faulty; then all stay as they are.
   */
  takeCurrent(reading: SecretReading): void {
    if (this.#refused !== undefined && !this.#values.differ(this.#refused.text, reading.text)) this.#refused = reading;
    else this.#use(reading, undefined);
    this.#succeed();
  }

  /**
   * Takes the pending version in place of the current one, which was refused; not when it is the same.
   *
   * @throws {SecretError} as `takeCurrent` does.
   */
  takePending(pending: SecretReading): void {
    if (this.#values.differ(this.#reading.text, pending.text)) this.#use(pending, this.#reading);
  }

  /** Takes the current version again: the pending one was refused, too. */
  returnToCurrent(): void {
    if (this.#refused !== undefined) this.#use(this.#refused, undefined);
  }

  /** Takes what a renewal granted. A short one counts until the new document is there. */
  takeRenewal(granted: SecretLease): 'enough' | 'too-short' {
    const extent = this.lease.extend(granted);
    if (extent === 'enough') this.#succeed();
    return extent;
  }

  /** The source could not be read; everything stays as it is. */
  fail(error: SecretError): void {
    const { observer, now } = this.#options;
    if (this.#outage.add(error, now()) === 'goes-on') return;
    for (const { name } of this.#values) observer.refreshFailed(name, error.code, error);
  }

  /** Ends subscriptions and timers; the values stay. */
  end(): void {
    this.lease.release();
    for (const secret of this.#values) secret.end();
  }

  statuses(): readonly SecretStatus[] {
    return [...this.#values].map((secret) => this.#statusOf(secret));
  }

  #use(reading: SecretReading, refused: SecretReading | undefined): void {
    const tell = this.#values.take(reading.text);
    this.#reading = reading;
    this.#refused = refused;
    // What is leased was made for this process, when it asked.
    this.#createdAtMs = reading.createdAtMs ?? (reading.lease === undefined ? undefined : this.#options.now());
    this.lease.hold(reading.lease);
    tell();
  }

  #succeed(): void {
    const { observer, now } = this.#options;
    this.#readAtMs = now();
    const outageMs = this.#outage.end(now());
    if (outageMs !== undefined) for (const { name } of this.#values) observer.recovered(name, outageMs);
    this.#tellOld();
  }

  #tellExpired(): void {
    for (const { name } of this.#values) this.#options.observer.leaseExpired(name);
  }

  /** Once for each version of each secret. */
  #tellOld(): void {
    const createdAtMs = this.#createdAtMs;
    if (createdAtMs === undefined) return;
    for (const secret of this.#values) {
      const isOld = this.#options.now() - createdAtMs > secretAgeLimitsMs[secret.kind];
      if (!isOld || this.#toldOld.get(secret) === createdAtMs) continue;
      this.#toldOld.set(secret, createdAtMs);
      this.#options.observer.ageLimitPassed(secret.name);
    }
  }

  #statusOf({ name, kind, reference }: WatchedSecret): SecretStatus {
    const createdAtMs = this.#createdAtMs;
    const lease = this.lease.status;
    return Object.freeze({
      name,
      kind,
      reference: formatReference(reference),
      document: this.#options.document,
      stage: this.stage,
      readAtMs: this.#readAtMs,
      // A source whose clock is ahead makes no secret of a negative age.
      ...(createdAtMs !== undefined && { createdAtMs, ageMs: Math.max(this.#options.now() - createdAtMs, 0) }),
      ageLimitMs: secretAgeLimitsMs[kind],
      ...this.#outage.status,
      ...(lease !== undefined && { lease }),
    });
  }
}
