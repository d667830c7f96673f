import type { RankedWords } from './common-passwords.ts';
import { keyboardRunAt } from './keyboard-runs.ts';

/**
 * What each part of a password costs an attacker: decimal logarithms of guesses. The numbers follow zxcvbn (Wheeler,
 * USENIX Security 2016, section 4): ten guesses for a character that nothing explains, few for what repeats or runs.
 */
const CHARACTER_COST = 1;
const REPETITION_COST = 1;
const KEYBOARD_RUN_COST = 1.5;
/** What is known of the person is among the first ten guesses. */
const PERSONAL_WORD_COST = 1;

/** Fewer characters are not counted as a repetition: two equal ones are cheaper to try one by one. */
const MIN_REPETITION = 3;
/** How far back a repetition is looked for: what is longer and takes few guesses is made of words or runs anyway. */
const MAX_DISTANCE = 16;
/** Longest listed word. */
const MAX_WORD = 40;
/** What is analysed, in characters: as long as a password may be; normalisation can make one longer. */
const MAX_ANALYSED = 256;

/** Digits and signs that stand for letters; `1` stands for two of them. */
const substitutes: readonly ReadonlyMap<string, string>[] = ['i', 'l'].map(
  (one) =>
    new Map([
      ['4', 'a'],
      ['@', 'a'],
      ['3', 'e'],
      ['1', one],
      ['!', 'i'],
      ['0', 'o'],
      ['5', 's'],
      ['$', 's'],
      ['7', 't'],
      ['8', 'b'],
      ['9', 'g'],
    ]),
);

/**
 * Estimates how many guesses a password takes, as a decimal logarithm: the cheapest way to put it together from listed
 * words, personal words, keyboard runs, repetitions of what came before, and single characters. Letter case, compatibility forms
 * (NFKC) and substitutes such as `@` for `a` are ignored. Takes at most some milliseconds for 256 characters of any
 * content: the work at each place is bounded (SR-76).
 */
export function estimateGuesses(text: string, listed: RankedWords, personal: readonly string[] = []): number {
  const folded = Array.from(text.normalize('NFKC').toLowerCase()).slice(0, MAX_ANALYSED);
  const spellings = [folded, ...substitutes.map((map) => folded.map((character) => map.get(character) ?? character))];
  const personalWords = personal.map((word) => Array.from(word));
  const costs = new Float64Array(folded.length + 1).fill(Infinity);
  costs[0] = 0;
  const reach = (end: number, cost: number): void => {
    if (cost < (costs[end] ?? 0)) costs[end] = cost;
  };
  for (let start = 0; start < folded.length; start += 1) {
    const cost = costs[start] ?? Infinity;
    reach(start + 1, cost + CHARACTER_COST);
    reachRun(folded, start, (end) => reach(end, cost + KEYBOARD_RUN_COST));
    reachRepetitions(folded, start, (end) => reach(end, cost + REPETITION_COST));
    for (const spelling of spellings) {
      reachWords(spelling, start, listed, (end, rank) => reach(end, cost + rank));
      reachPersonalWords(spelling, start, personalWords, (end) => reach(end, cost + PERSONAL_WORD_COST));
    }
  }
  return costs[folded.length] ?? 0;
}

function reachRun(characters: readonly string[], start: number, reach: (end: number) => void): void {
  const length = keyboardRunAt(characters, start);
  if (length > 0) reach(start + length);
}

/** From each distance back: as long as each character equals the one that stands so far before it. */
function reachRepetitions(characters: readonly string[], start: number, reach: (end: number) => void): void {
  for (let distance = 1; distance <= Math.min(start, MAX_DISTANCE); distance += 1) {
    let end = start;
    while (end < characters.length && characters[end] === characters[end - distance]) end += 1;
    if (end - start >= MIN_REPETITION) reach(end);
  }
}

function reachWords(
  characters: readonly string[],
  start: number,
  listed: RankedWords,
  reach: (end: number, rank: number) => void,
): void {
  let word = '';
  const last = Math.min(characters.length, start + MAX_WORD);
  for (let end = start; end < last; end += 1) {
    word += characters[end];
    const rank = listed.get(word);
    if (rank !== undefined) reach(end + 1, rank);
  }
}

/** Character by character: a personal word may be as long as an address, and nearly always differs in the first. */
function reachPersonalWords(
  characters: readonly string[],
  start: number,
  words: readonly (readonly string[])[],
  reach: (end: number) => void,
): void {
  for (const word of words)
    if (word.every((character, index) => characters[start + index] === character)) reach(start + word.length);
}
