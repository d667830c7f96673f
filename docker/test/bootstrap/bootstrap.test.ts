import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, chown } from 'node:fs/promises';
import process from 'node:process';

import { generateSigningKeyPem } from '@redoubt/auth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { services } from '../../src/services.ts';
import { filePlaces } from '../../src/bootstrap/found-files.ts';
import { setOwnerByChown } from '../../src/bootstrap/volume-folder.ts';
import { volumes } from '../../src/bootstrap/volumes.ts';
import { DAY, differences, Stage } from './support/stage.ts';

const START = Date.UTC(2026, 0, 31);

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.create();
});
afterEach(() => stage.dispose());

describe('a first start', () => {
  it('makes every file of the table and no other', async () => {
    await stage.run();
    const names = filePlaces.map(({ volume, file }) => `${volume.name}/${file}`);
    expect([...(await stage.readAll()).keys()].toSorted()).toEqual(names.toSorted());
  });

  it('SR-51: lets the consumer alone read its files, and nobody write them', async () => {
    await stage.run();
    for (const name of (await stage.readAll()).keys()) expect([name, await stage.mode(name)]).toEqual([name, 0o400]);
    for (const { name } of volumes) expect([name, await stage.mode(name)]).toEqual([name, 0o500]);
  });

  it('SR-51: gives each volume and its files to the consumer', async () => {
    await stage.run();
    for (const { name, owner, files } of volumes)
      for (const path of [name, ...Object.keys(files).map((file) => `${name}/${file}`)])
        expect([path, await stage.ownerOf(path)]).toEqual([path, owner]);
  });

  it('gives a password to everybody who shares it, and no other to anybody', async () => {
    await stage.run();
    const files = await stage.readAll();
    expect(files.get('api-secrets/database-password')).toBe(files.get('roles-secrets/runtime-password'));
    expect(files.get('postgres-secrets/superuser-password')).toBe(files.get('roles-secrets/superuser-password'));
    expect(files.get('migrate-secrets/migrator-password')).toBe(files.get('roles-secrets/migrator-password'));
    const passwords = [...files].filter(([name]) => name.startsWith('authority/') && name.endsWith('-password'));
    expect(new Set(passwords.map(([, password]) => password)).size).toBe(6 * services.length + 1);
  });

  it('SR-51: shows no value in its lines', async () => {
    const told = (await stage.run()).join('\n');
    for (const [name, content] of await stage.readAll())
      for (const line of content.split('\n').filter((text) => text.length > 20 && !text.startsWith('-----')))
        expect([name, told.includes(line)]).toEqual([name, false]);
  });

  it('SR-3: makes a signing key of the kind that the service makes', async () => {
    await stage.run();
    const [made, theirs] = [await stage.read('api-secrets/signing-key.pem'), (await generateSigningKeyPem()).expose()];
    const kindOf = (pem: string) => [pem.split('\n')[0], createPrivateKey(pem).asymmetricKeyDetails];
    expect(kindOf(made)).toEqual(kindOf(theirs));
  });

  it('refuses a folder in which a volume is not mounted, and writes nothing', async () => {
    await stage.unmount('valkey-secrets');
    await expect(stage.run()).rejects.toThrow(/valkey-secrets.*mount the volume/);
    await stage.mount('valkey-secrets');
    expect(differences(new Map(), await stage.readAll())).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('SR-51: gives files away for real', async () => {
    await stage.run({ setOwner: setOwnerByChown });
    const { uid, gid } = await stage.stats('valkey-secrets/users.acl');
    expect({ uid, gid }).toEqual({ uid: 999, gid: 1000 });
    await chown(stage.path('valkey-secrets/users.acl'), 0, 0);
    await stage.run({ setOwner: setOwnerByChown });
    expect((await stage.stats('valkey-secrets/users.acl')).uid).toBe(999);
  });
});

describe('a second start', () => {
  it('changes no byte', async () => {
    await stage.run({ nowMs: START });
    const before = await stage.readAll();
    const lines = await stage.run({ nowMs: START + DAY });
    expect(differences(before, await stage.readAll())).toEqual([]);
    expect(lines).toEqual([`kept ${filePlaces.length} files`, ...(await certificateLines())]);
  });

  it('SR-51: takes away what others may do with a file', async () => {
    await stage.run();
    await chmod(stage.path('api-secrets/signing-key.pem'), 0o644);
    await chmod(stage.path('api-secrets'), 0o755);
    await stage.run();
    expect([await stage.mode('api-secrets/signing-key.pem'), await stage.mode('api-secrets')]).toEqual([0o400, 0o500]);
  });
});

/** Where the certificate of each party is. */
const places: readonly (readonly [party: string, file: string])[] = [
  ['edge', 'edge-secrets/tls-certificate.pem'],
  ['edge client', 'edge-secrets/client-certificate.pem'],
  ...services.map(({ name }) => [name, `${name}-secrets/tls-certificate.pem`] as const),
  ...services
    .filter(({ callsServices }) => callsServices)
    .map(({ name }) => [`${name} client`, `${name}-secrets/client-certificate.pem`] as const),
  ...services.map(({ prefix }) => [`${prefix}postgres`, `${prefix}postgres-secrets/tls-certificate.pem`] as const),
  ['valkey', 'valkey-secrets/tls-certificate.pem'],
  ['mail', 'mail-secrets/tls-certificate.pem'],
];
const certificates = places.map(([, file]) => file);

/** What a person and docker/renew.sh are told of each. */
async function certificateLines(): Promise<readonly string[]> {
  const described = places.map(async ([name, place]) => {
    const { serialNumber, validToDate } = new X509Certificate(await stage.read(place));
    return `certificate of ${name}: serial ${serialNumber}, until ${validToDate.toISOString()}`;
  });
  return Promise.all(described);
}

const leafFiles = certificates.flatMap((name) => [name, name.replace('certificate', 'key')]).toSorted();

describe('what is due', () => {
  it('SR-28: renews certificates with their keys when fewer than 30 days are left, and nothing else', async () => {
    await stage.run({ nowMs: START });
    const before = await stage.readAll();
    await stage.run({ nowMs: START + 59 * DAY });
    expect(differences(before, await stage.readAll())).toEqual([]);
    const lines = await stage.run({ nowMs: START + 61 * DAY });
    expect(differences(before, await stage.readAll())).toEqual(leafFiles);
    expect(lines).toContain('renewed certificate of postgres: fewer than 30 days were left');
    const readers = ['edge', ...services.map(({ prefix }) => `${prefix}postgres`)].join(', ');
    expect(lines.slice(-1 - certificates.length)).toEqual([
      ...(await certificateLines()),
      `new files for ${readers}: docker/renew.sh has them read again, or a restart`,
    ]);
  });

  it('SR-28: renews every certificate, long before its time, when somebody asks for it, and nothing else', async () => {
    await stage.run({ nowMs: START });
    const before = await stage.readAll();
    const lines = await stage.run({ nowMs: START + DAY, renewal: 'now' });
    expect(differences(before, await stage.readAll())).toEqual(leafFiles);
    expect(lines).toContain('renewed certificate of edge: it was asked for');
  });

  it('SR-50: says who has to start again when a user of the shared store has another password', async () => {
    await stage.run();
    for (const volume of ['authority', 'api-secrets']) await stage.tamper(`${volume}/valkey-password`, () => undefined);
    const lines = await stage.run();
    expect(lines.at(-1)).toBe('new files for valkey: a restart has them read again');
  });

  it('renews an authority with fewer than 120 days left, with every leaf of it, and keeps passwords', async () => {
    await stage.run({ nowMs: START });
    const before = await stage.readAll();
    await stage.run({ nowMs: START + (1826 - 119) * DAY });
    const changed = differences(before, await stage.readAll());
    expect(changed).toEqual(expect.arrayContaining([...leafFiles, 'authority/edge-authority.key']));
    expect(changed.filter((name) => !/authority|key\.pem$|certificate\.pem$/.test(name))).toEqual([]);
    expect(changed).not.toContain('api-secrets/signing-key.pem');
    expect(await stage.read('api-secrets/client-authority.pem')).toBe(
      await stage.read('authority/client-authority.pem'),
    );
  });

  it('makes certificates anew that a wrong clock dated into the future', async () => {
    await stage.run({ nowMs: START + 10 * DAY });
    const before = await stage.readAll();
    await stage.run({ nowMs: START });
    expect(differences(before, await stage.readAll())).toEqual(expect.arrayContaining(leafFiles));
  });

  it('makes the certificate of the edge anew for another name, and only that', async () => {
    await stage.run();
    const before = await stage.readAll();
    const lines = await stage.run({ edgeNames: 'service.test' });
    expect(differences(before, await stage.readAll())).toEqual([
      'edge-secrets/tls-certificate.pem',
      'edge-secrets/tls-key.pem',
    ]);
    expect(lines).toContain('renewed certificate of edge: its names or usages were others');
    expect(lines.at(-1)).toBe('new files for edge: docker/renew.sh has them read again, or a restart');
  });
});
