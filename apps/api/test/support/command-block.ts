import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..', '..');

/**
 * The block of commands of a document whose first line begins with a text.
 * @throws {Error} when there is none.
 */
export function commandBlock(document: string, firstLine: string): string {
  const text = readFileSync(join(root, document), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(?<lines>[\s\S]*?)^```/gm)].map(({ groups }) => groups?.['lines'] ?? '');
  const found = blocks.find((lines) => lines.startsWith(firstLine));
  if (found === undefined) throw new Error(`${document} has no block that begins with ${firstLine}`);
  return found;
}
