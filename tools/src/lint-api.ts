/**
 * `pnpm lint:api`: holds the OpenAPI document of each service to all rules of OpenAPI and of OWASP. Prints each finding;
 * exits 1 when there is one. Paths of other documents can be named in place of the services' own.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { lintDocument } from './api/lint-document.ts';
import { findServices } from './surface/readable-services.ts';

const root = join(import.meta.dirname, '..', '..');
const named = process.argv.slice(2);
const paths = named.length > 0 ? named : findServices(root).map((name) => join(root, 'apps', name, 'openapi.json'));

for (const path of paths) {
  for (const { rule, place, message } of await lintDocument(JSON.parse(await readFile(path, 'utf8')))) {
    console.log(`${path}: ${place}: ${message} (${rule})`);
    process.exitCode = 1;
  }
}
