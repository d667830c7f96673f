import type { SecretLease, SecretReading, SecretSources } from '../../../src/index.ts';
import { type SecretErrorCode, SecretError } from '../../../src/index.ts';

type Answer<T> = (signal: AbortSignal) => Promise<T>;

/** What a source does when it is asked; a test changes it as it goes. */
export interface Script {
  read: Answer<SecretReading>;
  /** Absent: the source knows no pending versions. */
  readPending?: Answer<SecretReading | undefined>;
  /** Absent: the source cannot renew. */
  renew?: (lease: SecretLease, signal: AbortSignal) => Promise<SecretLease>;
}

/** A source that follows a script, and counts. */
export interface ScriptedSource {
  readonly script: Script;
  readonly sources: SecretSources;
  readonly counts: { reads: number; pendingReads: number; renewals: number; closes: number };
}

export function createScriptedSource(script: Script): ScriptedSource {
  const counts = { reads: 0, pendingReads: 0, renewals: 0, closes: 0 };
  const providerOf: SecretSources['providerOf'] = (reference) => {
    const { readPending, renew } = script;
    return Promise.resolve({
      scheme: reference.scheme,
      read(_reference, { signal }) {
        counts.reads += 1;
        return script.read(signal);
      },
      ...(readPending !== undefined && {
        readPending(_reference, { signal }) {
          counts.pendingReads += 1;
          return readPending(signal);
        },
      }),
      ...(renew !== undefined && {
        renew(_reference, lease, { signal }) {
          counts.renewals += 1;
          return renew(lease, signal);
        },
      }),
    });
  };
  const close = (): Promise<void> => {
    counts.closes += 1;
    return Promise.resolve();
  };
  return { script, counts, sources: { providerOf, close } };
}

/** Answers with this text. */
export function gives(text: string, facts: Omit<SecretReading, 'text'> = {}): () => Promise<SecretReading> {
  return () => Promise.resolve({ text, ...facts });
}

/** Fails for this reason. */
export function fails(code: SecretErrorCode): () => Promise<never> {
  return () => Promise.reject(new SecretError(code, 'aws-sm://service'));
}

/** Never answers, and does not look at the signal. */
export function hangs(): () => Promise<never> {
  return () => new Promise(() => undefined);
}
