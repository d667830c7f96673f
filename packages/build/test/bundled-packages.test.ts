import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { rolldown } from 'rolldown';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { bundledPackagesPlugin } from '../src/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundled-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function manifest(name: string, license?: string): string {
  return JSON.stringify({ name, version: '1.2.3', main: 'index.js', license });
}

/** Bundles `main.js`, and reads what stands beside it. */
async function bundle(): Promise<{ packages: unknown; licences: string }> {
  const build = await rolldown({
    input: join(folder, 'main.js'),
    platform: 'node',
    plugins: [bundledPackagesPlugin('main')],
  });
  await build.write({ dir: join(folder, 'dist') });
  await build.close();
  return {
    packages: JSON.parse(readFileSync(join(folder, 'dist/main.packages.json'), 'utf8')),
    licences: readFileSync(join(folder, 'dist/main.LICENSES.txt'), 'utf8'),
  };
}

describe('the packages of a bundle', () => {
  it('SR-68: are those whose code is in it, a scope and a package inside of a package included', async () => {
    write({
      'main.js': "import { a } from '@sample/a'; import { unused } from 'unused'; import 'never'; console.log(a);",
      'node_modules/@sample/a/package.json': manifest('@sample/a', 'MIT'),
      'node_modules/@sample/a/index.js': "import { b } from 'b'; export const a = b;",
      'node_modules/@sample/a/node_modules/b/package.json': manifest('b', 'ISC'),
      'node_modules/@sample/a/node_modules/b/index.js': "export { b } from './esm/index.js';",
      // It says how its files are read, and is no package.
      'node_modules/@sample/a/node_modules/b/esm/package.json': '{ "name": "inner", "version": "9.9.9" }',
      // Of a constant alone, the bundler would take the value and leave the module out.
      'node_modules/@sample/a/node_modules/b/esm/index.js': "console.log('b'); export const b = 'b';",
      'node_modules/unused/package.json': JSON.stringify({ name: 'unused', version: '1.0.0', sideEffects: false }),
      'node_modules/unused/index.js': "export const unused = 'unused';",
      'node_modules/never/package.json': JSON.stringify({ name: 'never', version: '1.0.0', sideEffects: false }),
      'node_modules/never/index.js': "export const never = 'never';",
    });
    const { packages } = await bundle();
    expect(packages).toEqual([
      { name: '@sample/a', version: '1.2.3' },
      { name: 'b', version: '1.2.3' },
    ]);
  });

  it('bring their licences and notices along, whole', async () => {
    write({
      'main.js': "import 'a'; import 'b';",
      'node_modules/a/package.json': manifest('a', 'Apache-2.0'),
      'node_modules/a/index.js': 'console.log(1);',
      'node_modules/a/LICENSE': 'Copyright A\r\nmay be used',
      'node_modules/a/NOTICE.txt': 'A notice of A',
      'node_modules/a/licenses.js': 'no licence',
      'node_modules/b/package.json': manifest('b'),
      'node_modules/b/index.js': 'console.log(2);',
    });
    const { licences } = await bundle();
    expect(licences).toContain('a 1.2.3\nLicence: Apache-2.0\n\nCopyright A\nmay be used\n\nA notice of A\n');
    expect(licences).toContain('b 1.2.3\nLicence: not named\n\nIt has no licence file.\n');
    expect(licences).not.toContain('no licence\n');
  });

  it('need a manifest that names them', async () => {
    write({
      'main.js': "import 'a';",
      'node_modules/a/package.json': '{ "main": "index.js" }',
      'node_modules/a/index.js': 'console.log(1);',
    });
    await expect(bundle()).rejects.toThrow(/names no package/);
  });
});
