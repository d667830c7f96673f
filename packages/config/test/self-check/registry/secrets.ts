import { Buffer } from 'node:buffer';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdir, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSecretReference, type Secret, SecretError, type SecretErrorCode } from '@redoubt/secrets';
import {
  createSecretReader,
  environmentCredentials,
  type Finding,
  loadSampleValues,
  type SampleValues,
  type SecretOutcome,
  type SecretUse,
} from '../../../src/index.ts';
import { sampleValuesIn } from '../../../src/self-check/sample-values/repository-samples.ts';
import { type BadConfiguration, type BadConfigurations, canary } from './bad-configuration.ts';
import {
  findingsOfSecrets,
  inFolder,
  noSamples,
  NOW_MS,
  passwordAt,
  soundSecret,
  sourcesOf,
  writeSecret,
} from './secret-files.ts';

const DAY_MS = 86_400_000;

/** A sound value that has the canary in it. */
const value = `${canary}${soundSecret()}`;

/** A file that is bad, and one that is sound, each made in a folder of its own. */
function file(what: string, write: (folder: string) => Promise<string>, mended = value): BadConfiguration {
  return {
    what,
    bad: () => inFolder(async (folder) => findingsOfSecrets([passwordAt(await write(folder))])),
    mended: () => inFolder(async (folder) => findingsOfSecrets([passwordAt(await writeSecret(folder, mended))])),
  };
}

/** A content that is bad as a secret of a kind, and one that is sound. */
function content(
  what: string,
  kind: Exclude<SecretUse['kind'], 'private key' | 'user name'>,
  bad: string,
  sound: string,
): BadConfiguration {
  const find = (text: string): Promise<readonly Finding[]> =>
    inFolder(async (folder) => findingsOfSecrets([passwordAt(await writeSecret(folder, text), kind)]));
  return { what, bad: () => find(bad), mended: () => find(sound) };
}

/** A source that refuses with a code, as the one of a cloud does. */
function source(what: string, code: SecretErrorCode): BadConfiguration {
  const outcome: SecretOutcome = { error: new SecretError(code, `aws-sm://${canary}`) };
  return {
    what,
    bad: () => findingsOfSecrets([passwordAt('/never-read')], { read: () => Promise.resolve(outcome) }),
    mended: () => inFolder(async (folder) => findingsOfSecrets([passwordAt(await writeSecret(folder, value))])),
  };
}

/** A document of which the field `password` is asked for. */
function field(what: string, bad: string, sound: string): BadConfiguration {
  const reference = parseSecretReference('vault://secret/app#password');
  const find = (text: string): Promise<readonly Finding[]> =>
    findingsOfSecrets([{ setting: 'DATABASE_PASSWORD', kind: 'password', reference }], {
      read: createSecretReader(sourcesOf({ text })),
    });
  return { what, bad: () => find(bad), mended: () => find(sound) };
}

/** A private key on a curve, as a use that takes P-256 only. */
function keyOn(namedCurve: string): Promise<readonly Finding[]> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  return inFolder(async (folder) => {
    const { reference } = passwordAt(await writeSecret(folder, pem));
    return findingsOfSecrets([{ setting: 'SIGNING_KEY', kind: 'private key', reference, parse: parseP256 }]);
  });
}

function parseP256(material: Secret): void {
  const { asymmetricKeyDetails } = createPrivateKey(material.expose());
  if (asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new TypeError(material.expose());
}

/** A password that holds since a number of days, at most 30 of which are right. */
function passwordOfAge(days: number): Promise<readonly Finding[]> {
  return inFolder(async (folder) => {
    const path = await writeSecret(folder, value);
    const since = new Date(NOW_MS - days * DAY_MS);
    await utimes(path, since, since);
    return findingsOfSecrets([{ ...passwordAt(path), maxAgeDays: 30 }]);
  });
}

/** Two settings with a password each. */
function twoPasswords(one: string, other: string): Promise<readonly Finding[]> {
  return inFolder(async (folder) => {
    const database = passwordAt(await writeSecret(folder, one));
    const store = passwordAt(await writeSecret(folder, other));
    return findingsOfSecrets([database, { ...store, setting: 'VALKEY_PASSWORD' }]);
  });
}

/** A password, where a file of the repository has this line. */
function passwordBeside(line: string): Promise<readonly Finding[]> {
  return inFolder(async (folder) =>
    findingsOfSecrets([passwordAt(await writeSecret(folder, value))], {
      loadSampleValues: () => Promise.resolve(sampleValuesIn([line])),
    }),
  );
}

function passwordWithList(loadList: () => Promise<SampleValues>): Promise<readonly Finding[]> {
  return inFolder(async (folder) =>
    findingsOfSecrets([passwordAt(await writeSecret(folder, value))], { loadSampleValues: loadList }),
  );
}

/** RD-025 to RD-049. */
export const badSecrets: BadConfigurations = {
  'RD-025': file('a secret file that is not there', (folder) => Promise.resolve(join(folder, canary))),
  'RD-026': source('a secret file that may not be read', 'unreadable'),
  'RD-027': file('a directory in place of a secret file', async (folder) => {
    await mkdir(join(folder, canary));
    return join(folder, canary);
  }),
  'RD-028': file('links in a circle', async (folder) => {
    await symlink(join(folder, 'there'), join(folder, canary));
    await symlink(join(folder, canary), join(folder, 'there'));
    return join(folder, canary);
  }),
  'RD-029': file('a secret file that everybody reads', (folder) => writeSecret(folder, value, 0o444)),
  'RD-030': file('an empty secret file', (folder) => writeSecret(folder, '\n')),
  'RD-031': file('a secret of more than 64 KiB', (folder) => writeSecret(folder, value.padEnd(64 * 1024 + 1, 'a'))),
  'RD-032': file('binary bytes', (folder) => writeSecret(folder, Buffer.concat([Buffer.from(value), Buffer.of(0xff)]))),
  'RD-033': field('a text, asked for its field', value, JSON.stringify({ password: value })),
  'RD-034': field('a document without the field', JSON.stringify({ user: value }), JSON.stringify({ password: value })),
  'RD-036': source('a source that no setting describes', 'not-configured'),
  'RD-037': source('a source that does not know the service', 'sign-in-failed'),
  'RD-038': source('a secret that the service may not read', 'access-denied'),
  'RD-039': source('a source that is away', 'unavailable'),
  'RD-040': content('a key of 31 bytes', 'symmetric key', value.slice(0, 31), value.slice(0, 32)),
  'RD-041': content('a password of 4 distinct characters', 'password', 'abcd'.repeat(16), 'abcde'.repeat(16)),
  'RD-042': content('a password of 31 bytes', 'password', value.slice(0, 31), value.slice(0, 32)),
  'RD-043': content("a mail server's password of 15 bytes", 'foreign password', value.slice(0, 15), value.slice(0, 16)),
  'RD-044': {
    what: 'a key on another curve',
    bad: () => keyOn('secp384r1'),
    mended: () => keyOn('prime256v1'),
  },
  'RD-045': {
    what: 'a password that stands in an example',
    bad: () => passwordBeside(`DATABASE_PASSWORD=${value} # change it`),
    mended: () => passwordBeside('DATABASE_PASSWORD=file:///run/secrets/password'),
  },
  'RD-046': {
    what: 'one password for two servers',
    bad: () => twoPasswords(value, value),
    mended: () => twoPasswords(value, soundSecret()),
  },
  'RD-047': {
    what: 'a password of 31 days',
    bad: () => passwordOfAge(31),
    mended: () => passwordOfAge(30),
  },
  'RD-048': {
    what: 'a static key of a cloud in the environment',
    bad: () => environmentCredentials.judge({}, { AWS_ACCESS_KEY_ID: canary, AWS_SECRET_ACCESS_KEY: canary }),
    mended: () => environmentCredentials.judge({}, { AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/token' }),
  },
  'RD-049': {
    what: 'a build without its list of samples',
    bad: () => passwordWithList(() => loadSampleValues(join('/nowhere', canary))),
    mended: () => passwordWithList(() => Promise.resolve(noSamples)),
  },
};
