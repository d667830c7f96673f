import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import {
  createSecretSources,
  parseSecretReference,
  Secret,
  SecretError,
  secretErrorCodes,
  secretReferenceErrorCodes,
  type SecretErrorCode,
  type SecretReferenceErrorCode,
} from '@redoubt/secrets';
import { describe, expect, it } from 'vitest';
import {
  createSecretReader,
  environmentCredentials,
  type Finding,
  findingCatalogue,
  runSelfCheck,
  type SecretKind,
  secretChecks,
  type SecretOutcome,
  type SecretUse,
} from '../../src/index.ts';
import { findingOfReference, findingOfSecret } from '../../src/self-check/secrets/finding-of-error.ts';
import { judgeAge, judgeSecret } from '../../src/self-check/secrets/judge-secret.ts';
import {
  findingsOfSecrets,
  inFolder,
  noSamples,
  NOW_MS,
  passwordAt,
  soundSecret,
  sourcesOf,
  writeSecret,
} from './registry/secret-files.ts';

const DAY_MS = 86_400_000;
const canary = randomBytes(16).toString('hex');

function held(value: string, change: Partial<Exclude<SecretOutcome, { error: unknown }>> = {}): SecretOutcome {
  return { material: Secret.of(value), createdAtMs: undefined, tenure: 'kept', form: 'usable', ...change };
}

function idsOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ id }) => id);
}

/** Every character another, so that nothing but the length is judged. */
function ofBytes(bytes: number): string {
  return randomBytes(bytes)
    .toString('hex')
    .slice(0, bytes - 6)
    .concat('vwxyz!');
}

describe('the strength of a secret', () => {
  it.each<[SecretKind, number, string]>([
    ['symmetric key', 31, 'RD-040'],
    ['password', 31, 'RD-042'],
    ['foreign password', 15, 'RD-043'],
  ])('SR-51: a %s of %i bytes is too short, and one more is enough', (kind, bytes, id) => {
    const findings = judgeSecret('SETTING', kind, held(ofBytes(bytes)));
    expect(findings).toEqual([{ id, subject: 'SETTING', seen: `It is shorter than ${bytes + 1} bytes.` }]);
    expect(judgeSecret('SETTING', kind, held(ofBytes(bytes + 1)))).toEqual([]);
  });

  it('SR-51: is counted in bytes, not in characters', () => {
    expect(judgeSecret('SETTING', 'password', held('äöüßéèêë'.repeat(2)))).toEqual([]);
    expect(idsOf(judgeSecret('SETTING', 'password', held('äöüßéèêëäöüßéèêa')))).toEqual(['RD-042']);
  });

  it.each<SecretKind>(['symmetric key', 'password', 'foreign password'])(
    'SR-51: a %s has 5 distinct characters, however long it is',
    (kind) => {
      expect(idsOf(judgeSecret('SETTING', kind, held('abcd'.repeat(100))))).toEqual(['RD-041']);
      expect(judgeSecret('SETTING', kind, held('abcde'.repeat(100)))).toEqual([]);
    },
  );

  it('is the business of its source where the source made it for a short time', () => {
    expect(judgeSecret('SETTING', 'password', held('short', { tenure: 'leased' }))).toEqual([]);
  });

  it('SR-51: of a private key is what its parser says', () => {
    expect(idsOf(judgeSecret('SETTING', 'private key', held('x', { form: 'unusable' })))).toEqual(['RD-044']);
    expect(judgeSecret('SETTING', 'private key', held('x'))).toEqual([]);
  });
});

describe('the age of a secret', () => {
  const limit = 30 * DAY_MS;

  it('SR-52: is too high one millisecond after its limit', () => {
    const ageOf = (ageMs: number): readonly string[] =>
      idsOf(judgeAge('SETTING', 30, held('x', { createdAtMs: NOW_MS - ageMs }) as never, NOW_MS));
    expect(ageOf(limit)).toEqual([]);
    expect(ageOf(limit + 1)).toEqual(['RD-047']);
  });

  it('is not known where the source does not tell it, and then has not passed', async () => {
    const reference = parseSecretReference('vault://secret/app#password');
    const use: SecretUse = { setting: 'DATABASE_PASSWORD', kind: 'password', reference, maxAgeDays: 30 };
    const checksOf = (reading: object) =>
      secretChecks([use], {
        read: createSecretReader(sourcesOf({ text: JSON.stringify({ password: soundSecret() }), ...reading })),
        loadSampleValues: () => Promise.resolve(noSamples),
        now: () => NOW_MS,
      });
    const run = (reading: object) => runSelfCheck({ checks: checksOf(reading), mode: 'production', now: () => NOW_MS });
    expect((await run({})).notChecked).toEqual([
      {
        area: 'secrets',
        name: 'the age of DATABASE_PASSWORD',
        reason: 'Its source does not tell since when it holds.',
      },
    ]);
    const lease = { id: 'lease', durationMs: 60_000, renewal: 'final' };
    expect((await run({ lease })).notChecked).toEqual([]);
    expect(idsOf((await run({ createdAtMs: NOW_MS - limit - 1 })).findings)).toEqual(['RD-047']);
  });
});

describe('a secret that cannot be had', () => {
  it.each(Object.keys(secretErrorCodes) as SecretErrorCode[])(
    'SR-51: %s is a finding of the catalogue that names the setting, and not the reference',
    (code) => {
      const error = new SecretError(code, `file:///run/secrets/${canary}`);
      const [finding] = judgeSecret('SIGNING_KEY', 'private key', { error });
      expect(findingCatalogue.get(findingOfSecret(code))).toMatchObject({ area: 'secrets' });
      expect(finding).toMatchObject({ id: findingOfSecret(code), subject: 'SIGNING_KEY' });
      expect(inspect(finding)).not.toContain(canary);
    },
  );

  it.each(Object.keys(secretReferenceErrorCodes) as SecretReferenceErrorCode[])(
    'SR-51: a reference with the fault %s has a number of the catalogue',
    (code) => {
      expect(findingCatalogue.get(findingOfReference(code))).toMatchObject({ area: 'secrets' });
    },
  );

  it('SR-53: lets no check pass that needed it', async () => {
    const sources = createSecretSources({ environment: {}, mode: 'production' });
    const checks = secretChecks([{ ...passwordAt(`/nowhere/${canary}`), maxAgeDays: 30 }], {
      read: createSecretReader(sources),
      loadSampleValues: () => Promise.resolve(noSamples),
      now: () => NOW_MS,
    });
    const report = await runSelfCheck({ checks, mode: 'production', now: () => NOW_MS });
    expect(idsOf(report.findings)).toEqual(['RD-025']);
    expect(report.passed).toEqual([]);
    expect(report.notChecked).toHaveLength(3);
    expect(inspect(report, { depth: Infinity })).not.toContain(canary);
  });
});

describe('the checks of secrets', () => {
  it('read a document once, whatever is asked of it: each reading may be a lease', async () => {
    const sources = sourcesOf({ text: JSON.stringify({ username: soundSecret(), password: soundSecret() }) });
    const uses = ['username', 'password'].map<SecretUse>((field) => ({
      setting: field.toUpperCase(),
      kind: 'password',
      reference: parseSecretReference(`vault://database/creds/app#${field}`),
    }));
    expect(await findingsOfSecrets(uses, { read: createSecretReader(sources) })).toEqual([]);
    expect(sources.reads()).toBe(1);
  });

  it('leave an optional secret alone that is not set', async () => {
    expect(
      await findingsOfSecrets([{ setting: 'MAIL_PASSWORD', kind: 'foreign password', reference: undefined }]),
    ).toEqual([]);
  });

  it('SR-51: show nothing of a key that its parser refuses with a message about it', async () => {
    const findings = await inFolder(async (folder) => {
      const { setting, reference } = passwordAt(await writeSecret(folder, canary));
      const parse = (material: Secret): never => {
        throw new TypeError(material.expose());
      };
      return findingsOfSecrets([{ setting, reference, kind: 'private key', parse }]);
    });
    expect(idsOf(findings)).toEqual(['RD-044']);
    expect(inspect(findings, { depth: Infinity })).not.toContain(canary);
  });

  it('SR-51: wait for a parser that answers later', async () => {
    const findings = await inFolder(async (folder) => {
      const { setting, reference } = passwordAt(await writeSecret(folder, canary));
      return findingsOfSecrets([
        { setting, reference, kind: 'private key', parse: () => Promise.reject(new Error(canary)) },
      ]);
    });
    expect(idsOf(findings)).toEqual(['RD-044']);
  });

  it('SR-51: tell each setting that has the secret of another', async () => {
    const findings = await inFolder(async (folder) => {
      const path = await writeSecret(folder, soundSecret());
      const { kind, reference } = passwordAt(path);
      return findingsOfSecrets(['A', 'B', 'C'].map((setting) => ({ setting, kind, reference }) as SecretUse));
    });
    expect(findings.map(({ id, subject, seen }) => [id, subject, seen])).toEqual([
      ['RD-046', 'B', 'It is the same secret as that of A.'],
      ['RD-046', 'C', 'It is the same secret as that of A.'],
    ]);
  });
});

describe('credentials in the environment', () => {
  const foundIn = (environment: Record<string, string>): readonly string[] =>
    environmentCredentials.judge({}, environment).map(({ subject }) => subject);

  it.each([
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AZURE_CLIENT_SECRET',
    'AZURE_CLIENT_CERTIFICATE_PATH',
    'AZURE_CLIENT_CERTIFICATE_PASSWORD',
    'AZURE_USERNAME',
    'AZURE_PASSWORD',
    'VAULT_TOKEN',
    'PGPASSWORD',
  ])('SR-51: %s is found', (name) => {
    expect(foundIn({ [name]: canary })).toEqual([name]);
  });

  it('are none where they are of a session, are empty, or are inherited only', () => {
    const key = { AWS_ACCESS_KEY_ID: canary, AWS_SECRET_ACCESS_KEY: canary };
    expect(foundIn({ ...key, AWS_SESSION_TOKEN: canary })).toEqual([]);
    expect(foundIn({ ...key, AWS_SESSION_TOKEN: '' })).toEqual(Object.keys(key));
    expect(foundIn({ VAULT_TOKEN: '' })).toEqual([]);
    expect(foundIn(Object.create({ VAULT_TOKEN: canary }) as Record<string, string>)).toEqual([]);
  });
});
