import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { documentOf, type SecretReading, type SecretReference, type SecretScheme, SecretError } from '@redoubt/secrets';
import { createCanary, formsOf, pathsToCanary } from '../../canary.ts';
import type { SecretProviderContract, SourceUnderTest } from '../secret-provider-contract.ts';
import { type OutputWatch, watchOutput } from './output-watch.ts';

/** A document that the suite has stored. */
export interface StoredDocument<S extends SecretScheme> {
  readonly name: string;
  readonly reference: SecretReference<S>;
  readonly text: string;
  /** The value in it that may show nowhere. */
  readonly canary: string;
}

/** What became of an attempt that should fail. */
export interface Refusal {
  readonly code: unknown;
  /** Where the value shows: in the error, its causes, or what is printed of them. */
  readonly shows: readonly string[];
}

/** What the cases of one provider share: the provider, what was stored, and what was written. */
export class SecretProviderSuite<S extends SecretScheme, U extends SourceUnderTest<S>> {
  readonly contract: SecretProviderContract<S, U>;
  readonly canaries: string[] = [];
  #source: U | undefined;
  #output: OutputWatch | undefined;

  constructor(contract: SecretProviderContract<S, U>) {
    this.contract = contract;
  }

  async start(): Promise<void> {
    this.#output = watchOutput();
    this.#source = await this.contract.open();
  }

  async stop(): Promise<void> {
    this.#output?.end();
    await this.#source?.close();
  }

  get source(): U {
    if (this.#source === undefined) throw new TypeError('The source is opened before the first test');
    return this.#source;
  }

  /** Everything that the process has written so far. */
  written(): string {
    return this.#output?.text() ?? '';
  }

  createCanary(): string {
    const canary = createCanary();
    this.canaries.push(canary);
    return canary;
  }

  /** Stores a document with a fresh canary; a new version of it when the name is given. */
  async store(name = `contract-${randomUUID()}`): Promise<StoredDocument<S>> {
    const canary = this.createCanary();
    const text = documentWith(canary);
    return { name, reference: await this.contract.store(this.source, name, text), text, canary };
  }

  read(reference: SecretReference<S>, signal?: AbortSignal, source: U = this.source): Promise<SecretReading> {
    // A read that nobody ends: the test's own deadline would.
    return source.provider.read(reference, { signal: signal ?? new AbortController().signal });
  }

  /** How an attempt was refused, and where the value shows in that. */
  async refusalOf(outcome: Promise<unknown>, reference: SecretReference<S>, canary: string): Promise<Refusal> {
    const fault: unknown = await outcome.then(
      () => 'not refused',
      (error: unknown) => error,
    );
    if (!(fault instanceof SecretError)) throw new Error(`Not a SecretError: ${inspect(fault)}`);
    if (!fault.reference.startsWith(documentOf(reference))) throw new Error('The error names another document');
    const printed = [inspect(fault, EVERYTHING), String(fault.stack), JSON.stringify(fault)].join('\n');
    const isPrinted = formsOf(canary).some((form) => printed.includes(form));
    return { code: fault.code, shows: [...pathsToCanary(fault, canary), ...(isPrinted ? ['print'] : [])] };
  }
}

const EVERYTHING = {
  showHidden: true,
  depth: Infinity,
  getters: true,
  maxStringLength: Infinity,
  maxArrayLength: Infinity,
} as const;

/** A document as people keep them, with a value that has to come through unchanged. In order: some sources sort. */
export function documentWith(value: string): string {
  return JSON.stringify({ password: value, username: 'app' });
}

/** What a refusal has to be: its code, and nothing of the value. */
export function refused(code: SecretError['code']): Refusal {
  return { code, shows: [] };
}
