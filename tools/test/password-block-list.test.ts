import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { readBlockListSources, renderBlockList } from '../src/password-block-list.ts';

const data = join(import.meta.dirname, '..', '..', 'packages/auth/src/passwords/common-passwords.json');

it('SR-12: the block list of passwords is what the published lists make', async () => {
  expect(await readFile(data, 'utf8')).toBe(renderBlockList(await readBlockListSources()));
});
