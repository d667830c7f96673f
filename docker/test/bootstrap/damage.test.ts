import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { BootstrapError } from '../../src/bootstrap/bootstrap-error.ts';
import { volumes } from '../../src/bootstrap/volumes.ts';
import { DAY, differences, Stage } from './support/stage.ts';

/** How a line begins that tells of a change. */
const CHANGE = /^(?:made|renewed|restored) /;

let stage: Stage;
let before: ReadonlyMap<string, string>;
beforeEach(async () => {
  stage = await Stage.create();
  await stage.run();
  before = await stage.readAll();
});
afterEach(() => stage.dispose());

async function changes(): Promise<readonly string[]> {
  return differences(before, await stage.readAll());
}

const half = (text: string): string => text.slice(0, text.length / 2);
const empty = (): string => '';
const gone = (): undefined => undefined;

describe('a volume that was lost', () => {
  it.each(volumes.map(({ name }) => name).filter((name) => name.endsWith('-secrets')))(
    '%s: gets the passwords and the authorities that it had',
    async (volume) => {
      await stage.lose(volume);
      await stage.run();
      const shared = /(^|-)(password|authority\.pem|users\.acl)$/;
      expect((await changes()).filter((name) => !name.startsWith(`${volume}/`) || shared.test(name))).toEqual([]);
    },
  );

  it('of the authorities: the passwords are found with those who have them', async () => {
    await stage.lose('authority');
    await stage.run();
    expect((await changes()).filter((name) => name.endsWith('-password'))).toEqual([]);
    expect(await changes()).toContain('postgres-secrets/tls-certificate.pem');
  });
});

describe('a damaged file', () => {
  it.each([
    ['roles-secrets/runtime-password', half],
    ['api-secrets/database-password', empty],
    ['authority/superuser-password', half],
    ['authority/valkey-password', gone],
    ['edge-secrets/server-authority.pem', half],
    ['authority/client-authority.pem', gone],
    ['valkey-secrets/users.acl', half],
  ] as const)('%s: is put back from what is whole', async (name, damage) => {
    await stage.tamper(name, damage);
    const lines = (await stage.run()).join('\n');
    const changed = await changes();
    // A new certificate for the same key of an authority is another text, and its leaves stay.
    expect(changed.filter((file) => !file.endsWith('client-authority.pem'))).toEqual([]);
    expect(lines).toMatch(/^(restored|renewed) /m);
  });

  it.each([
    ['api-secrets/tls-certificate.pem', half, 'renewed certificate of api: it was not whole'],
    ['api-secrets/tls-certificate.pem', (text: string) => text + text, 'renewed certificate of api: it was not whole'],
    ['api-secrets/tls-key.pem', half, 'renewed certificate of api: its key was absent or another'],
    ['api-secrets/tls-key.pem', gone, 'renewed certificate of api: its key was absent or another'],
    ['api-secrets/signing-key.pem', half, 'renewed signing key of api: it was not whole'],
    ['authority/reader-password', gone, undefined],
  ] as const)('%s: is made anew, with a line that says so', async (name, damage, line) => {
    await stage.tamper(name, damage);
    const lines = await stage.run();
    if (line !== undefined) expect(lines).toContain(line);
    expect((await stage.run()).filter((line) => CHANGE.test(line))).toEqual([]);
  });

  it('a password of which no copy is whole: is made anew for everybody', async () => {
    for (const name of ['authority/reader-password', 'roles-secrets/reader-password']) await stage.tamper(name, half);
    expect(await stage.run()).toContain('renewed password of reader: it was not whole');
    expect(await stage.read('authority/reader-password')).toBe(await stage.read('roles-secrets/reader-password'));
  });

  it('a key of somebody else: comes with another certificate', async () => {
    const other = await stage.read('mail-secrets/tls-key.pem');
    await stage.tamper('postgres-secrets/tls-key.pem', () => other);
    expect(await stage.run()).toContain('renewed certificate of postgres: its key was absent or another');
  });

  it('SR-28: a certificate of somebody else, with its key, is not taken', async () => {
    for (const file of ['tls-key.pem', 'tls-certificate.pem']) {
      const other = await stage.read(`mail-secrets/${file}`);
      await stage.tamper(`postgres-secrets/${file}`, () => other);
    }
    expect(await stage.run()).toContain('renewed certificate of postgres: its names or usages were others');
  });

  it('SR-28: a certificate of another stack is not taken', async () => {
    const other = await Stage.create();
    await other.run();
    for (const file of ['tls-key.pem', 'tls-certificate.pem']) {
      const foreign = await other.read(`postgres-secrets/${file}`);
      await stage.tamper(`postgres-secrets/${file}`, () => foreign);
    }
    await other.dispose();
    expect(await stage.run()).toContain('renewed certificate of postgres: its authority was another');
  });
});

describe('a run that cannot go on', () => {
  it('leaves the file that it was about to replace, and the next run completes the work', async () => {
    const setOwner = (path: string) =>
      path.endsWith('.new') ? Promise.reject(new Error('not permitted')) : Promise.resolve();
    await expect(stage.run({ edgeNames: 'service.test', setOwner })).rejects.toThrow('not permitted');
    const left = await stage.readAll();
    expect(left.get('edge-secrets/tls-key.pem')).toBe(before.get('edge-secrets/tls-key.pem'));
    await stage.run({ edgeNames: 'service.test' });
    expect(await changes()).toEqual(['edge-secrets/tls-certificate.pem', 'edge-secrets/tls-key.pem']);
  });
});

describe('the key of an authority that was lost', () => {
  it.each([
    ['cut off', half],
    ['empty', empty],
    ['gone', gone],
  ] as const)('%s: stops the run, which has changed nothing', async (_how, damage) => {
    await stage.tamper('authority/edge-authority.key', damage);
    await stage.tamper('api-secrets/database-password', empty);
    const damaged = await stage.readAll();
    await expect(stage.run()).rejects.toThrow(BootstrapError);
    expect(differences(damaged, await stage.readAll())).toEqual([]);
  });

  it('another one: stops the run', async () => {
    const other = await stage.read('authority/server-authority.key');
    await stage.tamper('authority/edge-authority.key', () => other);
    await expect(stage.run()).rejects.toThrow(/edge authority/);
  });

  it('removed together with its certificate, as the message says: everything of it is made anew', async () => {
    for (const end of ['key', 'pem']) await stage.tamper(`authority/edge-authority.${end}`, gone);
    await stage.run();
    expect(await changes()).toEqual([
      'authority/edge-authority.key',
      'authority/edge-authority.pem',
      'edge-secrets/authority.pem',
      'edge-secrets/tls-certificate.pem',
      'edge-secrets/tls-key.pem',
    ]);
  });

  it('a renewal that was killed after the key: is completed', async () => {
    const other = await stage.read('authority/server-authority.key');
    await stage.tamper('authority/edge-authority.key', () => other);
    const nowMs = Date.now() + (1826 - 119) * DAY;
    await stage.run({ nowMs });
    expect(await stage.read('authority/edge-authority.key')).toBe(other);
    expect((await stage.run({ nowMs })).filter((line) => CHANGE.test(line))).toEqual([]);
  });
});
