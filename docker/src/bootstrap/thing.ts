import type { Change } from './change.ts';
import type { FileContent } from './volumes.ts';

/** Something that files hold: an authority, a certificate with its key, a password. */
export interface Thing {
  /** What a person is told of it. */
  readonly title: string;
  readonly change: Change;
  /** What its files are to hold; what is not listed stays as the first of its files has it. */
  readonly parts: readonly Part[];
}

/** A text, and what it is. */
interface Part {
  readonly content: FileContent;
  readonly text: string;
}
