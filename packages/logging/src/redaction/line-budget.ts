import { cutMark, maxLineUnits, maxObjects } from './limits.ts';

/** What one line may still take: bounds its length and the work for it, whatever the logged value holds (SR-44). */
export class LineBudget {
  #units = maxLineUnits;
  #objects = maxObjects;

  /** The text while the line has room for it, the mark afterwards. */
  takeText(text: string): string {
    this.#units -= text.length;
    return this.#units < 0 ? cutMark : text;
  }

  /** Whether one more object may be walked. */
  takeObject(): boolean {
    this.#objects -= 1;
    return this.#objects >= 0;
  }
}
