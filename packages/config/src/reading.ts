/** What came of reading a setting's text: the typed value, or advice where the reader can say more than its schema. */
export type Reading = { readonly value: unknown } | { readonly advice: string | undefined };

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
export function malformed(advice?: string): Reading {
  return { advice };
}
