import { Buffer } from 'node:buffer';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '@redoubt/secrets';
import { describe, expect, it } from 'vitest';
import { encodeSampleValues, loadSampleValues, readSampleValues, type SampleValues } from '../../src/index.ts';
import { sampleValuesIn } from '../../src/self-check/sample-values/repository-samples.ts';
import { inFolder } from './registry/secret-files.ts';

const repository = join(import.meta.dirname, '..', '..', '..', '..');

/** Begins, goes on and ends with what separates values elsewhere. */
const value = `/${randomBytes(36).toString('base64')}+/=`;
const word = `w${randomBytes(12).toString('hex')}`;

/** A new private key in PEM, made for one test. */
function createPem(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' });
}

/** Both ways to know the samples of some texts: the list of a build, and the texts themselves. */
const ways: Record<string, (...texts: readonly string[]) => Promise<SampleValues>> = {
  'the list of a build': (...texts) =>
    inFolder(async (folder) => {
      const path = join(folder, 'sample-values.bin');
      await writeFile(path, encodeSampleValues(texts));
      return loadSampleValues(path);
    }),
  'the texts of a repository': (...texts) => Promise.resolve(sampleValuesIn(texts)),
};

/** A value as files write it. */
const lines: Record<string, string> = {
  'an environment file': `DATABASE_PASSWORD=${value}`,
  'an environment file, exported': `export DATABASE_PASSWORD=${value}`,
  'an environment file in quotes': `DATABASE_PASSWORD="${value}"`,
  YAML: `      password: ${value}`,
  'YAML in quotes': `  - password: '${value}'`,
  'a comment': `# password: ${value}`,
  JSON: `{"user":"app","password":"${value}"}`,
  code: `const password = '${value}';`,
  'a template': `const password = \`${value}\`;`,
  'an argument': `--password=${value} --verbose`,
  'a sentence': `The password is ${value}.`,
  Markdown: `Sign in with \`${value}\`, or **${value}**.`,
  'a table': `| password | ${value} |`,
  'a line of its own': value,
};

describe.each(Object.entries(ways))('%s', (_way, samplesOf) => {
  for (const [where, line] of Object.entries(lines)) {
    it(`SR-51: knows a secret from ${where}`, async () => {
      const samples = await samplesOf(`before\n${line}\nafter\n`);
      expect(samples.isSampleValue(Secret.of(value))).toBe(true);
      expect(samples.isSampleValue(Secret.of(`${value}\n`))).toBe(true);
    });
  }

  it('SR-51: knows a password from an address', async () => {
    const samples = await samplesOf(`DATABASE_URL=postgres://app:${word}@127.0.0.1:5432/service`);
    expect(samples.isSampleValue(Secret.of(word))).toBe(true);
  });

  it('SR-51: knows a phrase with spaces, in quotes or assigned', async () => {
    const phrase = `${word} horse battery`;
    expect((await samplesOf(`password: ${phrase}`)).isSampleValue(Secret.of(phrase))).toBe(true);
    expect((await samplesOf(`say "${phrase}" twice`)).isSampleValue(Secret.of(phrase))).toBe(true);
  });

  it('SR-51: knows a private key, however its lines are broken, and among others', async () => {
    const pem = createPem();
    const quoted = `const key = '${pem.replaceAll('\n', '\\n')}';`;
    for (const text of [
      `a\n${pem}b`,
      pem.replaceAll('\n', '\r\n'),
      quoted,
      `key: |\n  ${pem.replaceAll('\n', '\n  ')}`,
    ]) {
      const samples = await samplesOf(text);
      expect(samples.isSampleValue(Secret.of(pem))).toBe(true);
      expect(samples.isSampleValue(Secret.of(`Signs-From: 2027-01-31T12:00:00Z\n${createPem()}${pem}`))).toBe(true);
      expect(samples.isSampleValue(Secret.of(createPem()))).toBe(false);
    }
  });

  it('SR-51: knows the private part of a JWK', async () => {
    const d = randomBytes(32).toString('base64url');
    const samples = await samplesOf(`{ "kty": "EC", "d": "${d}" }`);
    expect(samples.isSampleValue(Secret.of(JSON.stringify({ d, kty: 'EC', crv: 'P-256' })))).toBe(true);
    const other = randomBytes(32).toString('base64url');
    expect(samples.isSampleValue(Secret.of(JSON.stringify({ d: other, kty: 'EC' })))).toBe(false);
  });

  it('takes what stands nowhere, and what is a part of a word', async () => {
    const samples = await samplesOf(`password: x${word}x`, '');
    expect(samples.isSampleValue(Secret.of(word))).toBe(false);
    expect(samples.isSampleValue(Secret.of(value))).toBe(false);
    expect(samples.isSampleValue(Secret.of(createPem()))).toBe(false);
  });
});

describe('the list of a build', () => {
  async function load(list: Uint8Array): Promise<SampleValues> {
    return inFolder(async (folder) => {
      await writeFile(join(folder, 'list'), list);
      return loadSampleValues(join(folder, 'list'));
    });
  }

  it('holds no value, only digests in order', () => {
    const list = Buffer.from(encodeSampleValues([`a: ${value}\nb: ${word}`]));
    expect(list.toString('latin1')).not.toContain(word);
    const digests = list.subarray(8).toString('latin1').match(/.{6}/gs) ?? [];
    expect(digests).toEqual(digests.toSorted());
  });

  it.each([
    ['is empty', new Uint8Array()],
    ['has no value', encodeSampleValues([])],
    ['is cut off', encodeSampleValues([value]).subarray(0, -1)],
    ['is something else', new TextEncoder().encode('x'.repeat(64))],
  ])('SR-51: is refused when it %s', async (_what, list) => {
    await expect(load(list)).rejects.toThrow(TypeError);
  });

  it('finds each of many values, the first and the last among them', async () => {
    const values = Array.from({ length: 257 }, () => randomBytes(16).toString('hex'));
    const samples = await load(encodeSampleValues([values.join('\n')]));
    expect(values.every((one) => samples.isSampleValue(Secret.of(one)))).toBe(true);
    expect(samples.isSampleValue(Secret.of(randomBytes(16).toString('hex')))).toBe(false);
  });
});

describe('the texts of a repository', () => {
  it('SR-51: are those of this one: what stands in any of its files is a sample', async () => {
    const samples = await readSampleValues(repository);
    const compose = await readFile(join(repository, 'compose.yaml'), 'utf8');
    const digest =
      /postgres@(sha256:[0-9a-f]{64})/.exec(compose)?.[1] ?? /sha256:[0-9a-f]{64}/.exec(compose)?.[0] ?? '';
    expect(digest).toHaveLength(71);
    expect(samples.isSampleValue(Secret.of(digest))).toBe(true);
    expect(samples.isSampleValue(Secret.of(value))).toBe(false);
  });

  it('leave out what .gitignore names: a developer keeps keys there on purpose', async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, '.gitignore'), '# comment\n\n.local/\n.env*\n*.log\n');
      for (const name of ['.local', '.git', join('src', '.local')])
        await mkdir(join(folder, name), { recursive: true });
      const kept = { 'src/sample.ts': 'seen-in-source', 'notes.txt': 'seen-in-notes' };
      const ignored = {
        '.local/key': 'hidden-in-local',
        'src/.local/key': 'hidden-below',
        '.git/config': 'hidden-in-git',
        '.env.production': 'hidden-in-env',
        'a.log': 'hidden-in-log',
      };
      for (const [path, text] of Object.entries({ ...kept, ...ignored })) await writeFile(join(folder, path), text);
      const samples = await readSampleValues(folder);
      for (const text of Object.values(kept)) expect(samples.isSampleValue(Secret.of(text))).toBe(true);
      for (const text of Object.values(ignored)) expect(samples.isSampleValue(Secret.of(text))).toBe(false);
    });
  });
});
