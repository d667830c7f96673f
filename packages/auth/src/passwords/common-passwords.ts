import { Buffer } from 'node:buffer';
import { brotliDecompressSync } from 'node:zlib';

import data from './common-passwords.json' with { type: 'json' };

/** A list of words, each with the decimal logarithm of the guesses until an attacker who knows the list tries it. */
export type RankedWords = ReadonlyMap<string, number>;

let loaded: RankedWords | undefined;

/**
 * The common passwords of the block list (SR-12), in lower case, the commonest first: 49,000 of any length and 9,700 of
 * 15 characters and more. `tools/src/password-block-list.ts` makes the data. Unpacked at the first call, in about
 * 30 ms and 8 MB, so that a process that never takes a new password pays for neither.
 */
export function commonPasswords(): RankedWords {
  loaded ??= rank([unpack(data.words), unpack(data.long)]);
  return loaded;
}

function unpack(packed: string): string[] {
  return brotliDecompressSync(Buffer.from(packed, 'base64')).toString().split('\n');
}

/** A word of several lists has its best rank. */
function rank(lists: readonly (readonly string[])[]): RankedWords {
  const ranked = new Map<string, number>();
  for (const list of lists)
    list.forEach((word, index) => {
      const cost = Math.log10(index + 1);
      if (cost < (ranked.get(word) ?? Infinity)) ranked.set(word, cost);
    });
  return ranked;
}
