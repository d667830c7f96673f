import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { afterEach, describe, expect, it } from 'vitest';

import type { RunPnpm } from '../../src/audit/run-pnpm.ts';
import { type BomContents, writeBom } from '../../src/sbom/bom.ts';
import { bundleContents } from '../../src/sbom/bundle-contents.ts';
import { debianComponents } from '../../src/sbom/debian-components.ts';
import { SbomError } from '../../src/sbom/sbom-error.ts';

const HASH = 'ab'.repeat(64);

/** A package as `pnpm sbom` lists it, fetched from this server. */
function listed(name: string, server = 'https://packages.example'): object {
  return {
    type: 'library',
    name,
    version: '1.0.0',
    purl: `pkg:npm/${name}@1.0.0`,
    licenses: [{ license: { id: 'MIT' } }],
    externalReferences: [
      { type: 'distribution', url: `${server}/${name}.tgz`, hashes: [{ alg: 'SHA-512', content: HASH }] },
    ],
  };
}

const own = { type: 'library', group: '@sample', name: 'core', version: '0.1.0', purl: 'pkg:npm/%40sample/core@0.1.0' };

function pnpmThatLists(components: readonly object[]): RunPnpm {
  const component = { type: 'application', name: 'api', version: '0.1.0', purl: 'pkg:npm/api@0.1.0' };
  const dependencies = [
    { ref: component.purl, dependsOn: ['pkg:npm/used@1.0.0', 'pkg:npm/unused@1.0.0', own.purl] },
    { ref: 'pkg:npm/unused@1.0.0', dependsOn: [] },
  ];
  const stdout = JSON.stringify({ metadata: { component }, components, dependencies });
  return () => Promise.resolve({ code: 0, stdout, stderr: '' });
}

function contentsOf(components: readonly object[]): Promise<BomContents> {
  return bundleContents(pnpmThatLists(components), 'api', [{ name: 'used', version: '1.0.0' }]);
}

const all = [listed('used'), listed('unused'), own];

let folder: string | undefined;
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

/** The file system of an image with these packages. */
function imageWith(packages: Readonly<Record<string, string>>): string {
  folder = mkdtempSync(join(tmpdir(), 'image-'));
  mkdirSync(join(folder, 'usr/lib'), { recursive: true });
  mkdirSync(join(folder, 'var/lib/dpkg/status.d'), { recursive: true });
  writeFileSync(join(folder, 'usr/lib/os-release'), 'ID=debian\nVERSION_ID="13"\n');
  for (const [name, status] of Object.entries(packages))
    writeFileSync(join(folder, 'var/lib/dpkg/status.d', name), status);
  return folder;
}

describe('the bill of materials of a bundle', () => {
  it('SR-68: keeps to the schema of CycloneDX 1.6', async () => {
    const text = writeBom(await contentsOf(all));
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)).toBeNull();
    const broken = text.replace('"library"', '"something"');
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(broken)).not.toBeNull();
  });

  it('SR-68: has what is in the bundle, what this repository adds, and Node, and nothing else', async () => {
    const { components, dependencies } = await contentsOf(all);
    const node = `pkg:generic/node@${process.versions.node}`;
    const packages = components.map(({ purl }) => purl).filter((purl) => purl.startsWith('pkg:npm/'));
    expect(packages.toSorted()).toEqual([own.purl, 'pkg:npm/used@1.0.0']);
    expect(components.find(({ name }) => name === 'used')).toMatchObject({
      licenses: [{ license: { id: 'MIT' } }],
      hashes: [{ alg: 'SHA-512', content: HASH }],
    });
    expect(dependencies[0]).toEqual({ ref: 'pkg:npm/api@0.1.0', dependsOn: ['pkg:npm/used@1.0.0', own.purl, node] });
  });

  it('SR-68: has what is compiled into Node, of which no package manager knows', async () => {
    const { components, dependencies } = await contentsOf(all);
    const openssl = `pkg:generic/openssl@${encodeURIComponent(process.versions.openssl)}`;
    expect(components).toContainEqual({
      type: 'library',
      name: 'openssl',
      version: process.versions.openssl,
      purl: openssl,
    });
    const ofNode = dependencies.find(({ ref }) => ref === `pkg:generic/node@${process.versions.node}`);
    expect(ofNode?.dependsOn).toEqual(expect.arrayContaining([openssl]));
    expect(components.map(({ name }) => name)).not.toContain('napi');
    expect(components.filter(({ version }) => version === '')).toEqual([]);
  });

  it('SR-68: is not written when the bundle has a package that the lockfile does not', async () => {
    await expect(contentsOf([listed('unused'), own])).rejects.toThrow(SbomError);
  });

  it('SR-68: is the same from another registry, in another order, at another time', async () => {
    const text = writeBom(await contentsOf(all));
    const mirrored = [own, listed('unused', 'https://mirror.example'), listed('used', 'https://mirror.example')];
    expect(writeBom(await contentsOf(mirrored))).toBe(text);
    expect(text).not.toContain('example');
    expect(text).toMatch(/"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"/);
  });

  it('SR-68: has another serial number for other contents', async () => {
    const { subject, components, dependencies } = await contentsOf(all);
    const serialOf = (text: string): unknown => (JSON.parse(text) as { serialNumber: string }).serialNumber;
    const first = serialOf(writeBom({ subject, components, dependencies }));
    expect(serialOf(writeBom({ subject, components: components.slice(1), dependencies }))).not.toBe(first);
  });
});

describe('the bill of materials of an image', () => {
  it('SR-68: has its Debian packages, with URLs that a scanner takes', () => {
    const status = 'Package: libstdc++6\nSource: gcc-14 (14.2.0-19)\nVersion: 1:14.2.0-19+b1\nArchitecture: amd64\n';
    expect(debianComponents(imageWith({ libstdc: status, 'libstdc.md5sums': 'x' }))).toEqual([
      {
        type: 'library',
        name: 'libstdc++6',
        version: '1:14.2.0-19+b1',
        purl: 'pkg:deb/debian/libstdc%2B%2B6@1%3A14.2.0-19%2Bb1?arch=amd64&distro=debian-13&upstream=gcc-14',
      },
    ]);
  });

  it('SR-68: is not written for an image in which no package was found, or one without a version', () => {
    expect(() => debianComponents(imageWith({}))).toThrow(SbomError);
    expect(() => debianComponents(join(tmpdir(), 'no-such-image'))).toThrow(SbomError);
    const broken = imageWith({ libc6: 'Package: libc6\nArchitecture: amd64\n' });
    expect(() => debianComponents(broken)).toThrow(/Version/);
  });
});
