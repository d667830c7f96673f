import { type FoundFiles, foundCopies } from './found-files.ts';
import type { Thing } from './thing.ts';
import type { FileContent } from './volumes.ts';

/** How a text that was drawn at random is told from a damaged one, and made. */
export interface TextKind {
  readonly content: FileContent;
  readonly title: string;
  readonly isWhole: (text: string) => boolean;
  readonly create: () => string;
}

/**
 * Keeps a password or a key that nothing else is made from: the first whole copy, in the order of the table, is the one
 * that counts, so that a volume that was lost gets what the others hold. Makes it when there is none.
 */
export function settleText({ content, title, isWhole, create }: TextKind, found: FoundFiles): Thing {
  const copies = foundCopies(found, content).filter((copy) => copy !== undefined);
  const whole = copies.find(isWhole);
  if (whole !== undefined) return { title, change: 'kept', parts: [{ content, text: whole }] };
  const change = copies.length === 0 ? 'made' : ({ renewedBecause: 'it was not whole' } as const);
  return { title, change, parts: [{ content, text: create() }] };
}
