/**
 * `pnpm client`: writes the OpenAPI document of each service (`apps/*`, `openapi.json`) and from it the types of its client
 * in `packages/api-client`. `pnpm check` fails when one of them is stale.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { serviceDocuments } from './service-documents.ts';

const root = join(import.meta.dirname, '..', '..');

for (const [path, content] of await serviceDocuments(root)) {
  if (path.endsWith('surface.md')) continue;
  await writeFile(join(root, path), content);
  console.log(path);
}
