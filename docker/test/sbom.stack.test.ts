import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { beforeAll, describe, expect, it } from 'vitest';

import { listImage, readImageFile } from './support/image-content.ts';
import { API_IMAGE, build, docker, LOCAL_IMAGE, succeeded } from './support/stack.ts';

const DOCUMENTS = ['application.cdx.json', 'image.cdx.json'] as const;

/** As much of a document as is looked at. */
interface Bom {
  readonly components: readonly { readonly name: string; readonly version: string; readonly purl: string }[];
}

async function readBom(document: (typeof DOCUMENTS)[number]): Promise<Bom> {
  return JSON.parse(await readImageFile(API_IMAGE, `app/sbom/${document}`)) as Bom;
}

describe('the bills of materials in the image of the service', () => {
  let image: Bom;
  beforeAll(async () => {
    image = await readBom('image.cdx.json');
  });

  function versionOf(prefix: string): string | undefined {
    return image.components.find(({ purl }) => purl.startsWith(`${prefix}@`))?.version;
  }

  it.each(DOCUMENTS)('SR-68: %s keeps to the schema of CycloneDX 1.6', async (document) => {
    const text = await readImageFile(API_IMAGE, `app/sbom/${document}`);
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)).toBeNull();
  });

  it('SR-68: name the framework, the C library, and the one that Node needs beyond the base', () => {
    for (const prefix of ['pkg:npm/fastify', 'pkg:deb/debian/libc6', 'pkg:deb/debian/libatomic1'])
      expect(`${prefix} ${versionOf(prefix)}`).toMatch(/ \d/);
  });

  it('SR-68: name the Node that runs, and the OpenSSL and V8 in it', async () => {
    const command = ['--entrypoint', '/app/node', API_IMAGE, '--print', 'JSON.stringify(process.versions)'];
    const { stdout } = succeeded(await docker('run', '--rm', '--network', 'none', ...command));
    const { node, openssl, v8 } = JSON.parse(stdout) as Readonly<Record<string, string>>;
    expect([versionOf('pkg:generic/node'), versionOf('pkg:generic/openssl'), versionOf('pkg:generic/v8')]).toEqual([
      node,
      openssl,
      v8,
    ]);
  });

  it('SR-68: name every Debian package that the image has a record of', async () => {
    const records = (await listImage(API_IMAGE))
      .filter(({ path }) => /^var\/lib\/dpkg\/status\.d\/[^/]+$/.test(path) && !path.endsWith('.md5sums'))
      .map(({ path }) => basename(path));
    const named = image.components.filter(({ purl }) => purl.startsWith('pkg:deb/')).map(({ name }) => name);
    expect(named.toSorted()).toEqual([...records, 'libatomic1'].toSorted());
  });

  it('SR-68: are what a build gives out as files, to be signed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sbom-'));
    try {
      const output = ['--target', 'sbom', '--output', `type=local,dest=${folder}`];
      succeeded(await build('--file', 'docker/Dockerfile', ...output, '.'));
      for (const document of DOCUMENTS)
        expect(await readFile(join(folder, document), 'utf8')).toBe(
          await readImageFile(API_IMAGE, `app/sbom/${document}`),
        );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the licences in the images', () => {
  it('of the service have one for each foreign package of its bundle', async () => {
    const licences = await readImageFile(API_IMAGE, 'app/THIRD-PARTY-LICENSES.txt');
    const { components } = await readBom('application.cdx.json');
    const foreign = components
      .map(({ purl }) => /^pkg:npm\/(?<name>.+)@(?<version>[^@]+)$/.exec(decodeURIComponent(purl))?.groups)
      .filter((groups) => groups !== undefined && !groups['name']?.startsWith('@redoubt/'))
      .map((groups) => `\n${groups?.['name']} ${groups?.['version']}\nLicence: `);
    expect(foreign.length).toBeGreaterThan(0);
    expect(foreign.filter((head) => !licences.includes(head))).toEqual([]);
  });

  it.each([API_IMAGE, LOCAL_IMAGE])('of %s have that of Node, and of this repository', async (name) => {
    expect(await readImageFile(name, 'app/NODE-LICENSE.txt')).toMatch(/Node\.js is licensed/);
    expect(await readImageFile(name, 'app/LICENSE')).toMatch(/^MIT License/);
  });

  it('of the programs beside it stand beside them', async () => {
    for (const program of ['bootstrap', 'mail-sink'])
      expect(await readImageFile(LOCAL_IMAGE, `app/${program}.LICENSES.txt`)).toMatch(/\nLicence: /);
  });
});
