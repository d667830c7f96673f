import { randomInt } from 'node:crypto';

import { documentOf } from '../references/format-reference.ts';
import type { SecretReference } from '../references/secret-reference.ts';
import type { SecretSources } from '../secret-sources.ts';
import type { LiveSecret } from './live-secret.ts';
import { assertTtl, DEFAULT_TTL_MS } from './refresh-timing.ts';
import { type Scheduler, systemScheduler } from './scheduler.ts';
import { secretAgeLimitsMs } from './secret-kind.ts';
import { type SecretObserver, sheltered } from './secret-observer.ts';
import type { SecretStatus } from './secret-status.ts';
import { WatchedDocument, type WatchedDocumentOptions } from './watched-document.ts';
import type { WatchOptions } from './watched-secret.ts';

/** A setting's name: it becomes a label of metrics. */
const SETTING_NAME = /^[A-Z][A-Z0-9_]{0,127}$/;

/** Steps of the default random number: no more are needed to keep replicas apart. */
const RANDOM_STEPS = 2 ** 32;

/** What a store needs. */
export interface SecretStoreOptions {
  /** Belong to the store from now on: it closes them. */
  readonly sources: SecretSources;
  readonly observer: SecretObserver;
  /** How long a reading of a source on the network counts as fresh, 5 s to 60 s. Default: 60 s (SR-52). */
  readonly ttlMs?: number;
  /** Milliseconds since 1970. Default: the system clock. */
  readonly now?: () => number;
  /** Default: the system's timers, which do not keep a process alive once it has its secrets. */
  readonly scheduler?: Scheduler;
  /** From 0 to less than 1. Default: the system's random numbers. */
  readonly random?: () => number;
}

/** The secrets of a service, read once and kept fresh while it runs (SR-52). */
export interface SecretStore {
  /**
   * Reads a secret and watches it from then on. Secrets of one document are read together and change together.
   *
   * @throws {SecretError} of the last attempt, when it cannot be read within 30 s.
   * @throws TypeError for a name that is no setting's or is taken, an unknown kind, or a store that is closed.
   */
  watch(reference: SecretReference, options: WatchOptions): Promise<LiveSecret>;
  /** Reads everything now, for a person who does not want to wait. Never rejects: the observer is told of failures. */
  refresh(): Promise<void>;
  /** What can be told of each secret: safe to print. */
  statuses(): readonly SecretStatus[];
  /** Ends refreshes, timers and subscriptions, and closes the sources. The values can be had still. */
  close(): Promise<void>;
}

/**
 * Makes a store that watches nothing yet.
 *
 * @throws RangeError for a `ttlMs` out of its bounds.
 */
export function createSecretStore(options: SecretStoreOptions): SecretStore {
  const { sources } = options;
  const shared = withDefaults(options);
  const documents = new Map<string, WatchedDocument>();
  const names = new Set<string>();
  let closing: Promise<void> | undefined;

  const documentFor = (reference: SecretReference): WatchedDocument => {
    const key = documentOf(reference);
    const document = documents.get(key) ?? new WatchedDocument(reference, shared);
    documents.set(key, document);
    return document;
  };

  /** A document that nobody watches is not read on and on; a later watch begins anew. */
  const drop = async (document: WatchedDocument): Promise<void> => {
    for (const [key, known] of documents) if (known === document) documents.delete(key);
    await document.close();
  };

  const closeAll = async (): Promise<void> => {
    await Promise.all(Array.from(documents.values(), (document) => document.close()));
    await sources.close();
  };

  return {
    async watch(reference, watchOptions) {
      assertWatchable(watchOptions, names);
      if (closing !== undefined) throw new TypeError('The secret store is closed');
      const document = documentFor(reference);
      names.add(watchOptions.name);
      try {
        return await document.watch(reference, watchOptions);
      } catch (error) {
        names.delete(watchOptions.name);
        if (!document.isWatched) await drop(document);
        throw error;
      }
    },
    async refresh() {
      await Promise.all(Array.from(documents.values(), (document) => document.refresh()));
    },
    statuses: () => Array.from(documents.values(), (document) => document.statuses()).flat(),
    close: () => (closing ??= closeAll()),
  };
}

function withDefaults(options: SecretStoreOptions): WatchedDocumentOptions {
  const { sources, observer, ttlMs = DEFAULT_TTL_MS, now = Date.now, scheduler = systemScheduler } = options;
  assertTtl(ttlMs);
  const random = options.random ?? (() => randomInt(RANDOM_STEPS) / RANDOM_STEPS);
  return { sources, observer: sheltered(observer), networkTtlMs: ttlMs, now, scheduler, random };
}

function assertWatchable({ name, kind }: WatchOptions, names: ReadonlySet<string>): void {
  if (!SETTING_NAME.test(name))
    throw new TypeError('A watched secret has the name of its setting, such as SIGNING_KEY');
  if (names.has(name)) throw new TypeError(`${name} is watched already`);
  if (!Object.hasOwn(secretAgeLimitsMs, kind)) throw new TypeError(`${name} has no known kind of secret`);
}
