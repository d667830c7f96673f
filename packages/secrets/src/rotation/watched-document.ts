import { documentOf } from '../references/format-reference.ts';
import type { SecretReference } from '../references/secret-reference.ts';
import { SecretError } from '../secret-error.ts';
import type { SecretSources } from '../secret-sources.ts';
import { DocumentRefresher } from './document-refresher.ts';
import { DocumentSource } from './document-source.ts';
import { HeldDocument, type HeldDocumentOptions } from './held-document.ts';
import type { LiveSecret } from './live-secret.ts';
import { ttlOf } from './refresh-timing.ts';
import type { SecretStatus } from './secret-status.ts';
import { bootPlan, SourceAttempts } from './source-attempts.ts';
import type { WatchOptions } from './watched-secret.ts';

/** What watched documents need of the outside. */
export interface WatchedDocumentOptions extends Omit<HeldDocumentOptions, 'document'> {
  readonly sources: Pick<SecretSources, 'providerOf'>;
  /** From 0 to less than 1. */
  readonly random: () => number;
  /** How long a reading of a source on the network counts as fresh. */
  readonly networkTtlMs: number;
}

/** A document that has been read once, and what keeps it fresh. */
interface OpenDocument {
  readonly held: HeldDocument;
  readonly refresher: DocumentRefresher;
}

/** One document, read for everybody who watches a secret in it, and kept fresh until it is closed. */
export class WatchedDocument {
  readonly #options: WatchedDocumentOptions;
  readonly #reference: SecretReference;
  #opening: Promise<OpenDocument> | undefined;
  #open: OpenDocument | undefined;
  #attempts: SourceAttempts | undefined;
  #watchers = 0;
  #state: 'open' | 'closed' = 'open';

  constructor(reference: SecretReference, options: WatchedDocumentOptions) {
    this.#reference = reference;
    this.#options = options;
  }

  /**
   * Watches a secret of the document, which is read first when nobody has read it yet.
   *
   * @throws {SecretError} of the last attempt, or because the document has no such value.
   */
  async watch(reference: SecretReference, options: WatchOptions): Promise<LiveSecret> {
    this.#watchers += 1;
    try {
      this.#opening ??= this.#readFirst();
      const { held, refresher } = await this.#opening;
      return held.add(reference, options, () => refresher.refuse());
    } catch (error) {
      this.#watchers -= 1;
      throw error;
    }
  }

  /** Whether somebody watches a secret of it, or is about to. */
  get isWatched(): boolean {
    return this.#watchers > 0;
  }

  /** Reads the document by a round that begins after the call, or joins the first reading. Never rejects. */
  async refresh(): Promise<void> {
    await (this.#open === undefined ? this.#opened() : this.#open.refresher.refresh());
  }

  statuses(): readonly SecretStatus[] {
    return this.#open?.held.statuses() ?? [];
  }

  /** Ends what is under way, timers and subscriptions. Resolves when nothing asks the source any more. */
  async close(): Promise<void> {
    this.#state = 'closed';
    this.#attempts?.end(this.#closedError());
    this.#open?.held.end();
    // In this very turn: an answer that comes in the next one is nobody's.
    await Promise.all([this.#opened(), this.#open?.refresher.close()]);
  }

  async #readFirst(): Promise<OpenDocument> {
    const { sources, scheduler, random, networkTtlMs } = this.#options;
    const document = documentOf(this.#reference);
    const source = new DocumentSource(sources, this.#reference);
    using attempts = new SourceAttempts({ document, plan: bootPlan, scheduler, random });
    this.#attempts = attempts;
    const reading = await attempts.retry(source.read);
    if (this.#state === 'closed') throw this.#closedError();
    const held = new HeldDocument(reading, { ...this.#options, document });
    const ttlMs = ttlOf(this.#reference.scheme, networkTtlMs);
    this.#open = { held, refresher: new DocumentRefresher({ document, held, source, scheduler, random, ttlMs }) };
    return this.#open;
  }

  /** Resolves when the first reading has succeeded or failed, which is told to those who watch. */
  async #opened(): Promise<void> {
    await this.#opening?.then(
      () => undefined,
      () => undefined,
    );
  }

  #closedError(): SecretError {
    return new SecretError('unavailable', documentOf(this.#reference));
  }
}
