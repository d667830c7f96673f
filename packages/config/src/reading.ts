import type { FindingId } from './self-check/finding.ts';

/** A text that stands for nothing, and what the reader can say of it beyond its schema. */
export interface Malformed {
  /** A sentence that says what to do instead. */
  readonly advice: string | undefined;
  /** The number of the fault, where it has one of its own. */
  readonly id: FindingId | undefined;
}

/** What came of reading a setting's text: the typed value, or why there is none. */
export type Reading = { readonly value: unknown } | Malformed;

/** Turns the text of one kind of setting into its value. */
export interface Reader {
  /** What it accepts, in words: completes "expected …", and is the constraint column of the settings table. */
  readonly expected: string;
  /** Never throws, and never puts the text into its advice. */
  read(text: string): Reading;
}

/** The text stands for this value. */
export function wellFormed(value: unknown): Reading {
  return { value };
}

/** The text stands for nothing. Advice, if any, is a sentence that says what to do instead. */
export function malformed(advice?: string, id?: FindingId): Reading {
  return { advice, id };
}
