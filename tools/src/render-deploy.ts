/**
 * `pnpm deploy:render deploy/aws/service-policy.json account=111122223333 region=eu-central-1 …`: prints a file of
 * `deploy/` with a team's values in it. Exits 1, and prints nothing on standard output, when a value is missing.
 */
import { readFile } from 'node:fs/promises';
import process from 'node:process';

import { renderTemplate } from './deploy/render-template.ts';

const [file, ...pairs] = process.argv.slice(2);

function valuesOf(texts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(texts.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const));
}

try {
  if (file === undefined || !pairs.every((pair) => pair.includes('=')))
    throw new TypeError('usage: deploy:render file name=value …');
  process.stdout.write(renderTemplate(await readFile(file, 'utf8'), valuesOf(pairs)));
} catch (error) {
  // What is wrong is for the person at the terminal; a stack would hide it.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
