import { cutMark, maxTextBytes } from './limits.ts';

/** A UTF-16 unit takes at most three bytes of UTF-8: a text of this many units cannot exceed the limit. */
const maxUnitsThatAlwaysFit = Math.floor(maxTextBytes / 3);

const plainText = /^[\x20-\x7e]*$/;

/**
 * What a terminal, a log viewer or a line-based parser acts on: C0, DEL, C1 (NEL among them), line and paragraph
 * separators, bidirectional controls, the byte order mark (SR-44).
 */
// oxlint-disable-next-line no-control-regex -- control characters are what this pattern is for
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;

const encoder = new TextEncoder();
const scratch = new Uint8Array(maxTextBytes);
const scratchBeforeMark = scratch.subarray(0, maxTextBytes - cutMark.length);

/**
 * A text as one log field may carry it (SR-44): well-formed Unicode, control characters written out as `\u001b`, and
 * at most 1 KiB of UTF-8; a longer one is cut between characters and ends in `[cut]`. Nothing is redacted.
 */
export function boundText(text: string): string {
  if (text.length <= maxUnitsThatAlwaysFit && plainText.test(text)) return text;
  return cutText(neutralizeText(text.slice(0, maxTextBytes + 1)));
}

/** Replaces lone surrogates and writes control characters out; the length is not bounded. */
export function neutralizeText(text: string): string {
  return text.toWellFormed().replace(controlCharacters, writtenOut);
}

/** Cuts well-formed text to 1 KiB of UTF-8, mark included; `'always'` puts the mark on short text too. */
export function cutText(text: string, mark: 'when-cut' | 'always' = 'when-cut'): string {
  if (mark === 'when-cut' && fits(text)) return text;
  const { read } = encoder.encodeInto(text, scratchBeforeMark);
  return `${text.slice(0, read)}${cutMark}`;
}

function fits(text: string): boolean {
  return text.length <= maxUnitsThatAlwaysFit || encoder.encodeInto(text, scratch).read === text.length;
}

function writtenOut(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
