import { randomBytes } from 'node:crypto';

import { createManualScheduler, type ManualScheduler } from '@redoubt/testing';

import {
  createSecretStore,
  type LiveSecret,
  parseSecretReference,
  type SecretKind,
  type SecretObserver,
  type SecretStore,
  type SecretStoreOptions,
} from '../../../src/index.ts';
import { createScriptedSource, type Script, type ScriptedSource } from './scripted-source.ts';

/** A store over a scripted source, with a clock that stands still. */
export interface TestStore extends ScriptedSource {
  readonly store: SecretStore;
  readonly scheduler: ManualScheduler;
  /** What the observer was told, a line each. */
  readonly told: string[];
  /** Watches, and lets the clock stand still. */
  watch(reference: string, name?: string, kind?: SecretKind): Promise<LiveSecret>;
}

/** In the middle of each draw: 48 s of a minute, and half of each pause. */
const middle = (): number => 0.5;

export function createTestStore(script: Script, options: Partial<SecretStoreOptions> = {}): TestStore {
  const scheduler = createManualScheduler();
  const source = createScriptedSource(script);
  const told: string[] = [];
  const store = createSecretStore({
    sources: source.sources,
    observer: observerOf(told),
    now: scheduler.now,
    scheduler,
    random: middle,
    ...options,
  });
  return {
    ...source,
    store,
    scheduler,
    told,
    watch: (reference, name = 'PASSWORD', kind = 'password') =>
      store.watch(parseSecretReference(reference), { name, kind }),
  };
}

function observerOf(told: string[]): SecretObserver {
  return {
    changed: (name) => told.push(`changed ${name}`),
    refreshFailed: (name, code) => told.push(`refreshFailed ${name} ${code}`),
    recovered: (name, outageMs) => told.push(`recovered ${name} ${outageMs}`),
    leaseExpired: (name) => told.push(`leaseExpired ${name}`),
    ageLimitPassed: (name) => told.push(`ageLimitPassed ${name}`),
    listenerFailed: (name, error) => told.push(`listenerFailed ${name} ${String(error)}`),
  };
}

/** A listener that keeps what it sees each time when it is called. */
export function recorder<T>(look: () => T): { readonly seen: T[]; readonly listener: () => void } {
  const seen: T[] = [];
  return {
    seen,
    listener: () => {
      seen.push(look());
    },
  };
}

/** An observer that is told of everything, and does nothing. */
export function idleObserver(): SecretObserver {
  const ignore = (): void => undefined;
  return {
    changed: ignore,
    refreshFailed: ignore,
    recovered: ignore,
    leaseExpired: ignore,
    ageLimitPassed: ignore,
    listenerFailed: ignore,
  };
}

/** A value that nothing else contains. */
export function canary(): string {
  return randomBytes(16).toString('hex');
}

/** A document with credentials that belong together. */
export function credentials(username: string, password: string): string {
  return JSON.stringify({ username, password });
}

/** How a promise ended. */
export async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value: unknown) => value,
    (error: unknown) => error,
  );
}
